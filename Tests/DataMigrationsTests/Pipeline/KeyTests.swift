import DataMigrations
import DataMigrationsTesting
import Foundation
import Testing

@Suite struct KeyTests {
    struct Item: Model {
        var label: String
        var done: Bool
    }

    struct Finish: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(7)) }
        var rows: Query<Item> { Item.where("done = 0") }
        func transform(_ item: inout Item) { item.done = true }
    }

    struct FinishAll: RowMigration {
        var rows: Query<Item> { Item.all }
        func transform(_ item: inout Item) { item.done = true }
    }

    /// Tables whose keys differ, and an expression that makes row `i` of each.
    static let tables: [(name: String, definition: String, row: String)] = [
        ("negative integers and gaps", "id INTEGER PRIMARY KEY", "(i - 50) * 92233720368547758"),
        ("text", "id TEXT PRIMARY KEY NOT NULL", "'Käse ' || (i * 7919 % 101) || char(i + 60)"),
        ("text without regard to case", "id TEXT PRIMARY KEY NOT NULL COLLATE NOCASE", "char(65 + i % 2 * 32) || i"),
        ("blobs", "id BLOB PRIMARY KEY NOT NULL", "randomblob(16)"),
        ("no key", "id INTEGER", "i % 3"),
        ("a key that lets NULL in", "id TEXT PRIMARY KEY", "CASE WHEN i % 5 = 0 THEN NULL ELSE 'k' || i END"),
        ("doubles", "id REAL PRIMARY KEY NOT NULL", "i / 3.0"),
    ]

    @Test(arguments: tables.indices) func everyRowIsVisitedOnceWhateverTheKey(_ index: Int) async throws {
        let table = Self.tables[index]
        let database = try await TestDatabase()
        try await database.execute(
            """
            CREATE TABLE items (\(raw: table.definition), label TEXT NOT NULL, done INTEGER NOT NULL,
            writes INTEGER NOT NULL DEFAULT 0)
            """
        )
        try await database.execute(
            """
            INSERT INTO items (id, label, done) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
            SELECT \(raw: table.row), 'item', 0 FROM n
            """
        )
        try await database.execute(
            """
            CREATE TRIGGER counts AFTER UPDATE OF done ON items
            BEGIN UPDATE items SET writes = writes + 1 WHERE rowid = new.rowid; END
            """
        )
        let report = try await database.run(Finish())
        #expect(report.status == .succeeded, "\(table.name)")
        #expect(report.counters.changed == 100)
        #expect(try await database.number("SELECT count(*) FROM items WHERE done = 1 AND writes = 1") == 100)
    }

    @Test func compositeKeysAreWalkedInTheirOrder() async throws {
        let database = try await TestDatabase()
        try await database.execute(
            """
            CREATE TABLE items (tenant TEXT NOT NULL, number INTEGER NOT NULL, label TEXT, done INTEGER NOT NULL,
            PRIMARY KEY (tenant, number)) WITHOUT ROWID
            """
        )
        try await database.execute(
            """
            INSERT INTO items WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
            SELECT 'tenant ' || (i % 13), i / 13 * 1000003, 'item', 0 FROM n
            """
        )
        let report = try await database.run(Finish())
        #expect(report.counters.changed == 1_000)
        #expect(try await database.number("SELECT count(*) FROM items WHERE done = 0") == 0)
    }

    @Test func aTableWithoutAKeyIsRefusedUnlessChangedRowsLeaveTheCondition() async throws {
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE items (label TEXT, done INTEGER)")
        try await database.execute("INSERT INTO items VALUES ('a', 0), ('b', 0)")
        let error = await #expect(throws: MigrationError.self) { try await database.run(FinishAll()) }
        #expect(error?.code == .mismatch)
        #expect(error?.description.contains("no primary key") == true)
        #expect(try await database.number("SELECT count(*) FROM items WHERE done = 1") == 0)
        #expect(try await database.run(Finish()).counters.changed == 2)
    }

    @Test func uuidKeysOfBothFormsWork() async throws {
        struct Token: Model {
            var id: UUID
            var used: Bool
        }
        struct Use: RowMigration {
            var rows: Query<Token> { Token.where(\.used == false) }
            func transform(_ token: inout Token) { token.used = true }
        }
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE tokens (id BLOB PRIMARY KEY NOT NULL, used INTEGER NOT NULL)")
        for index in 0..<20 {
            let id = UUID()
            let bytes = withUnsafeBytes(of: id.uuid) { [UInt8]($0) }
            let key: Value = index % 2 == 0 ? .blob(bytes) : .text(id.uuidString)
            try await database.execute("INSERT INTO tokens VALUES (\(key), 0)")
        }
        #expect(try await database.run(Use()).counters.changed == 20)
        #expect(try await database.number("SELECT count(*) FROM tokens WHERE used = 1") == 20)
    }
}
