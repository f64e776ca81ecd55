import Database
import TestSupport
import Testing

@testable import SchemaMigrations

@Suite("The test of a way back") struct RollbackTestTests {
    @Test(arguments: Store.all)
    func `passes where the schema is what it was, and leaves the migration applied`(_ store: Store) async throws {
        try await store.with { connection in
            let files = [
                try SchemaMigration(
                    1,
                    "a",
                    "CREATE TABLE a (id int, b text); CREATE INDEX i ON a (b);\n-- azu:down\nDROP TABLE a;"
                ),
                try SchemaMigration(
                    2,
                    "b",
                    "ALTER TABLE a RENAME COLUMN b TO c;\n-- azu:down\nALTER TABLE a RENAME COLUMN c TO b;"
                ),
                try SchemaMigration(
                    3,
                    "c",
                    "DROP INDEX i; ALTER TABLE a DROP COLUMN c;\n-- azu:down\nALTER TABLE a ADD COLUMN c text; CREATE INDEX i ON a (c);"
                ),
            ]
            let reports = try await SchemaMigrator(connection).migrate(files, testingRollback: true)
            #expect(reports.map(\.isRollbackTested) == [true, true, true])
            let versions = try await connection.versions()
            #expect(versions == [1, 2, 3])
            let columns = try await connection.schema(of: "a")?.columns.map(\.name)
            #expect(columns == ["id"])
        }
    }

    @Test(arguments: Store.all)
    func `tells what a wrong one leaves behind, and nothing stays`(_ store: Store) async throws {
        try await store.with { connection in
            try await connection.execute("CREATE TABLE a (id int)")
            let file = try SchemaMigration(
                1,
                "wrong",
                """
                ALTER TABLE a ADD COLUMN b int; CREATE TABLE c (d int); CREATE INDEX i ON a (id);
                -- azu:down
                DROP INDEX i; DROP TABLE c;
                """
            )
            let error = await #expect(throws: SchemaMigrationError.self) {
                try await SchemaMigrator(connection).migrate([file], testingRollback: true)
            }
            #expect(error?.code == .rollbackDiffers)
            #expect(error?.details == [store == .sqlite ? "+ table a: b int" : "+ column a.b: integer"])
            #expect(error?.description.contains("db/migrations/20240101000001_wrong.sql") == true)
            let columns = try await connection.schema(of: "a")?.columns.map(\.name)
            #expect(columns == ["id"])
            let versions = try await connection.versions()
            #expect(versions.isEmpty)
        }
    }

    @Test(arguments: Store.all)
    func `is there for files that are no transactions, too`(_ store: Store) async throws {
        try await store.with { connection in
            let file = try SchemaMigration(
                1,
                "wrong",
                "-- azu:no-transaction\nCREATE TABLE a (id int); CREATE TABLE b (c int);\n-- azu:down\nDROP TABLE a;"
            )
            let error = await #expect(throws: SchemaMigrationError.self) {
                try await SchemaMigrator(connection).migrate([file], testingRollback: true)
            }
            #expect(error?.details.first == (store == .sqlite ? "+ table b" : "+ column b.c: integer"))
            #expect(error?.description.contains("it is not recorded as applied") == true)
        }
    }

    @Test func `needs one`() async throws {
        try await Store.sqlite.with { connection in
            let error = await #expect(throws: SchemaMigrationError.self) {
                try await SchemaMigrator(connection).migrate(
                    [try SchemaMigration(1, "a", "CREATE TABLE a (b int)")],
                    testingRollback: true
                )
            }
            #expect(error?.code == .irreversible)
        }
    }

    @Test func `looks into tables of SQLite, not at how they are written`() {
        var before = SchemaListing()
        before.add(
            "table a",
            "CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT DEFAULT 'x, y', CHECK (b IN ('(', ')'))) STRICT"
        )
        var same = SchemaListing()
        same.add(
            "table a",
            "CREATE TABLE \"a\"(\n  id INTEGER  PRIMARY KEY,\n CHECK ( b IN ('(',')') ), \"b\" TEXT DEFAULT 'x, y' ) STRICT"
        )
        #expect(same.differences(from: before).isEmpty)
        var other = SchemaListing()
        other.add("table a", "CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT DEFAULT 'x,  y', CHECK (b IN ('(', ')')))")
        #expect(
            other.differences(from: before) == [
                "- table a: STRICT", "+ table a: b TEXT DEFAULT 'x,  y'", "- table a: b TEXT DEFAULT 'x, y'",
            ]
        )
        var own = SchemaListing()
        own.add("table schema_migrations", "CREATE TABLE schema_migrations (version TEXT)")
        own.add("column schema_migration_lease.id", "integer")
        own.add("index data_migrations_pkey", "CREATE INDEX")
        #expect(own == SchemaListing())
    }
}
