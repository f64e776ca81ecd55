import Database
import SQLFiles
import SchemaMigrations
import TestSupport
import Testing

@Suite("A file that is no transaction") struct NoTransactionTests {
    @Test(arguments: Store.all)
    func `is run statement by statement, and says what was done where one fails`(_ store: Store) async throws {
        try await store.with { connection in
            let text =
                "-- azu:no-transaction\nCREATE TABLE a (b int);\nCREATE TABLE c (d int);\nINSERT INTO x VALUES (1);"
            let migrator = SchemaMigrator(connection)
            let error = await #expect(throws: SQLFileError.self) {
                try await migrator.migrate([try SchemaMigration(1, "a", text)])
            }
            let description = error?.description ?? ""
            #expect(description.hasPrefix("db/migrations/20240101000001_a.sql:4:"), "\(description)")
            #expect(description.contains("(statement 3 of 3; what stands before, lines 2 to 3, is done and stays"))
            let isThere = try await connection.has("c")
            #expect(isThere)
            let versions = try await connection.versions()
            #expect(versions.isEmpty)

            let rest = "-- azu:no-transaction\nINSERT INTO a VALUES (1);\n-- azu:down\nDROP TABLE a;\nDROP TABLE c;"
            let file = try SchemaMigration(1, "a", rest)
            try await migrator.migrate([file])
            let applied = try await connection.versions()
            #expect(applied == [1])
            try await migrator.rollback(migrator.reversals(of: [file], newest: 1))
            let isGone = try await !connection.has("c")
            #expect(isGone)
        }
    }

    @Test func `may rebuild a table of SQLite, and leaves foreign keys checked`() async throws {
        try await Store.sqlite.with { connection in
            let text = """
                -- azu:no-transaction
                PRAGMA foreign_keys = OFF;
                BEGIN;
                CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
                INSERT INTO new SELECT * FROM parents;
                DROP TABLE parents;
                ALTER TABLE new RENAME TO parents;
                COMMIT;
                """
            try await connection.execute("CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT)")
            try await connection.execute("CREATE TABLE children (p INTEGER REFERENCES parents (id) ON DELETE CASCADE)")
            try await connection.execute("INSERT INTO parents VALUES (1, 'a')")
            try await connection.execute("INSERT INTO children VALUES (1)")
            try await SchemaMigrator(connection).migrate([try SchemaMigration(1, "rebuild", text)])
            let children = try await connection.number("SELECT count(*) FROM children")
            #expect(children == 1)
            let foreignKeys = try await connection.number("PRAGMA foreign_keys")
            #expect(foreignKeys == 1)
        }
    }

    @Test func `rolls its own transaction back where it fails`() async throws {
        try await Store.sqlite.with { connection in
            let text =
                "-- azu:no-transaction\nPRAGMA foreign_keys = OFF;\nBEGIN;\nCREATE TABLE a (b int);\nBROKEN;\nCOMMIT;"
            let error = await #expect(throws: SQLFileError.self) {
                try await SchemaMigrator(connection).migrate([try SchemaMigration(1, "a", text)])
            }
            let outcome =
                "(statement 4 of 5; the file's own transaction is rolled back; what stands before, line 2, is done"
            #expect(error?.description.contains(outcome) == true)
            let isThere = try await connection.has("a")
            #expect(!isThere)
            let foreignKeys = try await connection.number("PRAGMA foreign_keys")
            #expect(foreignKeys == 1)
        }
    }

    @Test(.enabled(if: Store.all.contains(.postgres)))
    func `makes an index while others write, and tells of one that is left INVALID`() async throws {
        try await Store.postgres.with { connection in
            try await connection.execute("CREATE TABLE a (b int)")
            try await connection.execute("INSERT INTO a VALUES (1), (1)")
            let file = try SchemaMigration(
                1,
                "index",
                "-- azu:no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY a_b ON a (b);\n-- azu:down\nDROP INDEX CONCURRENTLY a_b"
            )
            let advice = "the index a_b is INVALID, so it costs time and is never used: DROP INDEX CONCURRENTLY a_b"
            let migrator = SchemaMigrator(connection)
            // A unique index fails on its rows, and is there already the second time.
            for _ in 1...2 {
                let error = await #expect(throws: SQLFileError.self) { try await migrator.migrate([file]) }
                #expect(error?.description.contains(advice) == true, "\(error?.description ?? "")")
            }
            let hasty = try SchemaMigration(
                1,
                "index",
                "-- azu:no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_b ON a (b);"
            )
            let passed = await #expect(throws: SQLFileError.self) { try await migrator.migrate([hasty]) }
            #expect(passed?.description.contains(advice) == true, "\(passed?.description ?? "")")

            try await connection.execute("DROP INDEX a_b")
            try await connection.execute("DELETE FROM a")
            try await migrator.migrate([file])
            let valid = try await connection.number(
                "SELECT count(*) FROM pg_index WHERE indexrelid = 'a_b'::regclass AND indisvalid"
            )
            #expect(valid == 1)
            try await migrator.rollback(migrator.reversals(of: [file], newest: 1))
            let versions = try await connection.versions()
            #expect(versions.isEmpty)
        }
    }

    @Test(.enabled(if: Store.all.contains(.postgres)))
    func `is asked for where a statement can't be in a transaction`() async throws {
        try await Store.postgres.with { connection in
            try await connection.execute("CREATE TABLE a (b int)")
            let error = await #expect(throws: SQLFileError.self) {
                try await SchemaMigrator(connection).migrate([
                    try SchemaMigration(1, "index", "CREATE INDEX CONCURRENTLY a_b ON a (b)")
                ])
            }
            #expect(error?.description.contains("with a line -- azu:no-transaction") == true)
        }
    }

    @Test(.enabled(if: Store.all.contains(.postgres)))
    func `takes the time that it takes, and gives the limits back`() async throws {
        try await Store.postgres.withAddress { address in
            let connection = try await Store.postgres.open(address + "&statement_timeout=1s")
            let text = "SELECT pg_sleep(1.3);"
            let migrator = SchemaMigrator(connection)
            try await migrator.migrate([
                try SchemaMigration(1, "a", text), try SchemaMigration(2, "b", "-- azu:no-transaction\n" + text),
            ])
            let limit = try await connection.texts("SELECT current_setting('statement_timeout')")
            #expect(limit == [["1s"]])
            await connection.close()
        }
    }
}
