import Database
import SQLiteDriver
import Testing

@Suite("What SQLite says of its tables")
struct SQLiteSchemaTests {
    let connection: SQLiteConnection

    init() async throws { connection = try await SQLiteConnection(path: nil) }

    private func schema(_ sql: SQL, of table: String = "t") async throws -> TableSchema {
        try await connection.execute(sql)
        return try #require(try await connection.schema(of: table))
    }

    @Test func anIntegerPrimaryKeyIsTheRowIDAndNeverNULL() async throws {
        let schema = try await schema("CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20))")
        #expect(schema.columns.map(\.isNullable) == [false, true])
        #expect(schema.columns.map(\.type) == ["INTEGER", "VARCHAR(20)"])
        #expect(schema.rowIdentifier == "rowid")
        #expect(schema.uniqueKeys == [["id"]])
    }

    @Test func anIntegerPrimaryKeyThatIsDeclaredDescendingIsNotTheRowID() async throws {
        let schema = try await schema("CREATE TABLE t (id INTEGER PRIMARY KEY DESC, name TEXT)")
        #expect(schema.columns.map(\.isNullable) == [true, true])
        #expect(schema.keyOrderHint == #"INDEXED BY "sqlite_autoindex_t_1""#)
        #expect(schema.uniqueKeys == [["id"]])
        let query: SQL = "SELECT * FROM t \(raw: schema.keyOrderHint ?? "") WHERE id > \(5) ORDER BY id LIMIT 10"
        let plan = try await connection.query(connection.dialect.explanation(of: query))
        #expect(plan.count == 1)
        let steps = plan.compactMap { connection.dialect.planStep($0.values.last?.text ?? "") }
        #expect(steps.isEmpty)
    }

    @Test func aKeyOfAnotherTypeTakesNULLInSQLite() async throws {
        let schema = try await schema("CREATE TABLE t (id TEXT PRIMARY KEY)")
        #expect(schema.columns.map(\.isNullable) == [true])
        #expect(schema.primaryKey == ["id"])
        #expect(schema.uniqueKeys == [["id"]])
    }

    @Test func aTableWithoutRowIDHasNoRowIdentifierAndNoNULLInItsKey() async throws {
        let schema = try await schema("CREATE TABLE t (a TEXT, b INTEGER, PRIMARY KEY (b, a)) without rowid")
        #expect(schema.rowIdentifier == nil)
        #expect(schema.primaryKey == ["b", "a"])
        #expect(schema.columns.map(\.isNullable) == [false, false])
    }

    @Test func aColumnThatIsCalledRowIDShadowsTheRowIdentifier() async throws {
        #expect(try await schema("CREATE TABLE t (rowid TEXT)").rowIdentifier == "_rowid_")
        #expect(try await schema("CREATE TABLE u (ROWID TEXT, _rowid_ TEXT)", of: "u").rowIdentifier == "oid")
        let all: SQL = "CREATE TABLE v (rowid TEXT, _rowid_ TEXT, oid TEXT)"
        #expect(try await schema(all, of: "v").rowIdentifier == nil)
    }

    @Test func theRowIdentifierReadsAlongTheTable() async throws {
        let schema = try await schema("CREATE TABLE t (rowid TEXT)")
        try await connection.execute("INSERT INTO t VALUES ('b'), ('a')")
        let identifier = try #require(schema.rowIdentifier)
        let rows = try await connection.query("SELECT \(raw: identifier), \"rowid\" FROM t ORDER BY \(raw: identifier)")
        #expect(rows.map { $0[0] } == [1, 2])
    }

    @Test("a name is found in any case", arguments: ["users", "USERS", "Users"])
    func anyCase(_ name: String) async throws {
        let schema = try await schema("CREATE TABLE Users (id INTEGER PRIMARY KEY)", of: name)
        #expect(schema.rowIdentifier == "rowid")
        #expect(schema.columns.map(\.isNullable) == [false])
    }

    @Test func aTableWhoseDefinitionSpeaksOfWithoutHasARowID() async throws {
        let schema = try await schema("CREATE TABLE t (a TEXT DEFAULT ') WITHOUT ROWID') STRICT")
        #expect(schema.rowIdentifier == "rowid")
    }

    @Test func aViewHasColumnsButNoKey() async throws {
        try await connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
        let schema = try await schema("CREATE VIEW v AS SELECT id, upper(name) AS name FROM t", of: "v")
        #expect(schema.columns.map(\.name) == ["id", "name"])
        #expect(schema.primaryKey == [])
        #expect(schema.rowIdentifier == nil)
        #expect(schema.uniqueKeys == [])
        let hint = schema.keyOrderHint ?? ""
        #expect(try await connection.query("SELECT * FROM v \(raw: hint)").isEmpty)
    }

    @Test func aVirtualTableHidesItsHiddenColumns() async throws {
        let schema = try await schema("CREATE VIRTUAL TABLE t USING fts5(title, body)")
        #expect(schema.columns.map(\.name) == ["title", "body"])
    }

    @Test func generatedColumnsOfBothSortsAreMarked() async throws {
        let schema = try await schema("CREATE TABLE t (a INTEGER, b AS (a + 1), c AS (a + 2) STORED)")
        #expect(schema.columns.map(\.name) == ["a", "b", "c"])
        #expect(schema.columns.map(\.isGenerated) == [false, true, true])
    }

    @Test func indexesOverExpressionsOrPartOfTheRowsAreNoUniqueKeys() async throws {
        try await connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)")
        try await connection.execute("CREATE UNIQUE INDEX one ON t (lower(a))")
        try await connection.execute("CREATE UNIQUE INDEX two ON t (a) WHERE b IS NULL")
        let schema = try await schema("CREATE UNIQUE INDEX three ON t (b, a)")
        #expect(schema.uniqueKeys == [["id"], ["b", "a"]])
    }

    @Test func aTableOfAnAttachedDatabaseGoesByItsFullName() async throws {
        try await connection.execute("ATTACH ':memory:' AS shop")
        let schema = try await schema("CREATE TABLE shop.users (id INTEGER PRIMARY KEY)", of: "shop.users")
        #expect(schema.name == "shop.users")
        #expect(schema.primaryKey == ["id"])
        #expect(schema.rowIdentifier == "rowid")
        #expect(try await connection.schema(of: "users") == nil)
    }

    /// A walk along the key must not sort what is left for every batch.
    @Test(
        "with its hint a table is read along its key, without sorting",
        arguments: [
            "id INTEGER PRIMARY KEY, state TEXT)", "id TEXT PRIMARY KEY, state TEXT)",
            "id TEXT PRIMARY KEY, state TEXT) WITHOUT ROWID", "id INTEGER PRIMARY KEY, state TEXT) WITHOUT ROWID",
        ]
    )
    func keyOrder(_ columns: String) async throws {
        let table = "we\"ird"
        try await connection.execute("CREATE TABLE \(identifier: table) (\(raw: columns)")
        let schema = try await schema("CREATE INDEX by_state ON \(identifier: table) (state)", of: table)
        let plan = try await connection.query(
            """
            EXPLAIN QUERY PLAN SELECT * FROM \(identifier: table) \(raw: schema.keyOrderHint ?? "")
            WHERE id > \("0") AND state > \("a") ORDER BY id LIMIT 10
            """
        )
        let steps = plan.map { $0["detail"].text ?? "" }
        #expect(!steps.contains { $0.contains("TEMP B-TREE") }, "\(steps)")
        #expect(!steps.contains { $0.contains("by_state") }, "\(steps)")
    }
}
