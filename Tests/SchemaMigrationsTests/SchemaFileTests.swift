import SQLFiles
import SchemaMigrations
import Testing

@Suite("A schema migration's file") struct SchemaFileTests {
    private func read(_ text: String) throws -> SchemaMigration { try SchemaMigration(1, "create_users", text) }

    @Test func `has a part for each way`() throws {
        let migration = try read("-- azu:up\nSELECT 1;\nSELECT 2;\n-- azu:down\nSELECT 3;")
        #expect(migration.version == "20240101000001")
        #expect(migration.name == "create_users")
        #expect(migration.up.statements.map(\.text) == ["SELECT 1", "SELECT 2"])
        #expect(migration.down?.statements.map(\.text) == ["SELECT 3"])
        #expect(migration.up.isTransactional)
        #expect(migration.sha256.count == 64)
    }

    @Test func `may leave the first line out, and the second part`() throws {
        let migration = try read("SELECT 1;\n-- azu:down\nSELECT 2;")
        #expect(migration.up.statements.map(\.text) == ["SELECT 1"])
        #expect(migration.down?.statements.map(\.text) == ["SELECT 2"])
        #expect(try read("SELECT 1").down == nil)
        #expect(try read("-- azu:down\n-- nothing").down == nil)
    }

    @Test func `is no transaction in both parts, or in the one that says so`() throws {
        let both = try read("-- azu:no-transaction\n-- azu:up\nSELECT 1;\n-- azu:down\nSELECT 2")
        #expect(!both.up.isTransactional)
        #expect(both.down?.isTransactional == false)
        let head = try read("-- azu:no-transaction\nSELECT 1;\n-- azu:down\nSELECT 2")
        #expect(!head.up.isTransactional)
        #expect(head.down?.isTransactional == false)
        let up = try read("-- azu:up\n-- azu:no-transaction\nSELECT 1;\n-- azu:down\nSELECT 2")
        #expect(!up.up.isTransactional)
        #expect(up.down?.isTransactional == true)
        let down = try read("SELECT 1;\n-- azu:down\n-- azu:no-transaction\nSELECT 2")
        #expect(down.up.isTransactional)
        #expect(down.down?.isTransactional == false)
    }

    @Test func `names what it requires`() throws {
        let migration = try read("-- azu:requires one, two\n-- azu:requires 20240101\nSELECT 1")
        #expect(migration.requirements == ["one", "two", "20240101"])
    }

    @Test(
        arguments: [
            ("SELECT 1;\n-- azu:up\n", "1:1", "a statement stands before -- azu:up"),
            ("-- azu:up\n-- azu:down\n-- azu:up\n", "3:1", "-- azu:up stands twice"),
            ("\n  -- azu:dwon\n", "2:3", "there is no -- azu:dwon"),
            ("-- azu:up SELECT 1;\n", "1:11", "-- azu:up takes nothing behind it"),
            ("-- azu:requires\n", "1:1", "-- azu:requires names a data migration"),
            ("-- azu:down\n-- azu:requires a\n", "2:1", "-- azu:requires is about the way forth"),
            ("SELECT 'a", "1:8", "a string begins here"),
            ("SELECT 1;\nBEGIN;\nSELECT 2; COMMIT;", "2:1", "BEGIN stands in a file that is run as one transaction"),
            ("START TRANSACTION;", "1:1", "START stands in a file"),
            ("SELECT 1;\n-- azu:down\n ROLLBACK;", "3:2", "ROLLBACK stands in a file"),
            ("pragma foreign_keys=off;", "1:1", "PRAGMA foreign_keys does nothing within a transaction"),
            (
                "-- azu:no-transaction\nSELECT 1;\nBEGIN;SELECT 2", "3:1",
                "the transaction that begins here has no COMMIT"
            ),
        ]
    )
    func `is refused with the place`(_ text: String, _ place: String, _ message: String) {
        let error = #expect(throws: SQLFileError.self) { try read(text) }
        #expect(
            error?.description.hasPrefix("db/migrations/20240101000001_create_users.sql:\(place): \(message)") == true
        )
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `may hold transactions and savepoints where they have a meaning`() throws {
        #expect(try read("-- azu:no-transaction\nBEGIN; SELECT 1; COMMIT;").up.statements.count == 3)
        #expect(try read("SAVEPOINT a; SELECT 1; ROLLBACK TO SAVEPOINT a;").up.statements.count == 3)
    }

    @Test(arguments: [
        "users.sql", "2024-users.sql", "20240101000001_.sql", "20240101000001_a b.sql", "x/20240101000001.sql",
    ])
    func `has a name with a version`(_ name: String) {
        let error = #expect(throws: SchemaMigrationError.self) { try SchemaMigration([], path: name) }
        #expect(error?.code == .file)
    }

    @Test func `is UTF-8`() {
        let error = #expect(throws: SchemaMigrationError.self) {
            try SchemaMigration([0xFF], path: "db/migrations/1_a.sql")
        }
        #expect(error?.description == "db/migrations/1_a.sql is not UTF-8; save it as such")
    }

    @Test(
        arguments: [
            ("9", "10", true), ("10", "9", false), ("010", "9", false), ("20240101000000", "20240101000001", true),
            ("1", "01", false), ("01", "1", true), ("1", "1", false), ("a", "b", true), ("2", "a", true),
        ]
    )
    func `stands in the order of numbers`(_ left: String, _ right: String, _ isOlder: Bool) {
        #expect(VersionOrder.isOlder(left, than: right) == isOlder)
    }
}
