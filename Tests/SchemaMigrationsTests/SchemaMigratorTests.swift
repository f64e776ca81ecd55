import Database
import SQLFiles
import SchemaMigrations
import TestSupport
import Testing

@Suite("Schema migrations") struct SchemaMigratorTests {
    private let users =
        "-- azu:up\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n-- azu:down\nDROP TABLE users;"

    @Test(arguments: Store.all)
    func `are applied in order, recorded, and applied once`(_ store: Store) async throws {
        try await store.with { connection in
            let files = [
                try SchemaMigration(1, "create_users", users),
                try SchemaMigration(
                    2,
                    "add_email",
                    "ALTER TABLE users ADD COLUMN email TEXT; INSERT INTO users VALUES (1, 'a', 'b')"
                ),
            ]
            let migrator = SchemaMigrator(connection)
            let before = try await migrator.status(of: files)
            #expect(before.map(\.isApplied) == [false, false])
            let hasTable = try await connection.has("schema_migrations")
            #expect(!hasTable)

            let reports = try await migrator.migrate(files)
            #expect(reports.map(\.name) == ["create_users", "add_email"])
            #expect(reports.map(\.statements) == [1, 2])
            let again = try await migrator.migrate(files)
            #expect(again.isEmpty)
            let versions = try await connection.versions()
            #expect(versions == [1, 2])
            let rows = try await connection.texts("SELECT name, email FROM users")
            #expect(rows == [["a", "b"]])
            let status = try await migrator.status(of: files)
            #expect(status.map(\.isApplied) == [true, true])
            #expect(status.allSatisfy { !$0.isIrregular && $0.appliedAt != nil && $0.appliedBy != nil })
            #expect(status.map(\.notes) == [[], ["no way back"]])
        }
    }

    @Test(arguments: Store.all)
    func `leave nothing of a file that fails, and tell the place`(_ store: Store) async throws {
        try await store.with { connection in
            let broken = try SchemaMigration(
                2,
                "broken",
                "CREATE TABLE a (b int);\nINSERT INTO a VALUES (1);\n  INSERT INTO nowhere VALUES (1);\nCREATE TABLE c (d int);"
            )
            let error = await #expect(throws: SQLFileError.self) {
                try await SchemaMigrator(connection).migrate([try SchemaMigration(1, "create_users", users), broken])
            }
            let description = error?.description ?? ""
            #expect(description.hasPrefix("db/migrations/20240101000002_broken.sql:3:"), "\(description)")
            #expect(description.contains("nowhere"))
            #expect(description.hasSuffix("(nothing of this file was applied)"))
            // PostgreSQL says where in the statement it met the error.
            #expect(error?.position.column == (store == .postgres ? 15 : 3))
            for (table, isThere) in [("users", true), ("a", false), ("c", false)] {
                let found = try await connection.has(table)
                #expect(found == isThere, "\(table)")
            }
            let versions = try await connection.versions()
            #expect(versions == [1])
            let mended = try SchemaMigration(2, "broken", "CREATE TABLE a (b int)")
            let reports = try await SchemaMigrator(connection).migrate([mended])
            #expect(reports.count == 1)
        }
    }

    @Test(arguments: Store.all)
    func `are taken back, the newest first`(_ store: Store) async throws {
        try await store.with { connection in
            let files = [
                try SchemaMigration(1, "create_users", users),
                try SchemaMigration(2, "create_posts", "CREATE TABLE posts (id int);\n-- azu:down\nDROP TABLE posts"),
            ]
            let migrator = SchemaMigrator(connection)
            try await migrator.migrate(files)
            let one = try await migrator.rollback(migrator.reversals(of: files, newest: 1))
            #expect(one.map(\.name) == ["create_posts"])
            let hasPosts = try await connection.has("posts")
            #expect(!hasPosts)
            let rest = try await migrator.rollback(migrator.reversals(of: files, newest: 5))
            #expect(rest.map(\.name) == ["create_users"])
            let versions = try await connection.versions()
            #expect(versions.isEmpty)
            let details = try await connection.number("SELECT count(*) FROM schema_migration_details")
            #expect(details == 0)
            let none = try await migrator.reversals(of: files, newest: 1)
            #expect(none.isEmpty)
        }
    }

    @Test(arguments: Store.all)
    func `whose file is gone are taken back as they were applied`(_ store: Store) async throws {
        try await store.with { connection in
            let migrator = SchemaMigrator(connection)
            try await migrator.migrate([try SchemaMigration(1, "create_users", users)])
            let status = try await migrator.status(of: [])
            #expect(status.map(\.notes) == [["file missing"]])
            #expect(status.map(\.name) == ["create_users"])
            let reversals = try await migrator.reversals(of: [], versions: ["create_users"])
            #expect(reversals.map(\.isMissing) == [true])
            try await migrator.rollback(reversals)
            let hasUsers = try await connection.has("users")
            #expect(!hasUsers)
        }
    }

    @Test func `without a way back stay`() async throws {
        try await Store.sqlite.with { connection in
            let migrator = SchemaMigrator(connection)
            let file = try SchemaMigration(1, "a", "CREATE TABLE a (b int)")
            try await migrator.migrate([file])
            for files in [[file], []] {
                let error = await #expect(throws: SchemaMigrationError.self) {
                    try await migrator.reversals(of: files, newest: 1)
                }
                #expect(error?.code == .irreversible)
            }
            let unknown = await #expect(throws: SchemaMigrationError.self) {
                try await migrator.reversals(of: [file], versions: ["b"])
            }
            #expect(unknown?.code == .unknown)
        }
    }

    @Test(arguments: Store.all)
    func `out of order and changed are told`(_ store: Store) async throws {
        try await store.with { connection in
            let migrator = SchemaMigrator(connection)
            try await migrator.migrate([try SchemaMigration(2, "b", "CREATE TABLE b (c int)")])
            let files = [
                try SchemaMigration(1, "a", "CREATE TABLE a (b int)"),
                try SchemaMigration(2, "b", "CREATE TABLE b (d int)"),
                try SchemaMigration(3, "c", "CREATE TABLE c (d int)"),
            ]
            let status = try await migrator.status(of: files)
            #expect(status.map(\.isOutOfOrder) == [true, false, false])
            #expect(status.map(\.isChanged) == [false, true, false])
            #expect(status.map(\.isIrregular) == [true, true, false])
            try await migrator.migrate([files[0]])
            let versions = try await connection.versions()
            #expect(versions == [1, 2])
        }
    }

    @Test(arguments: Store.all)
    func `ask for what they require before anything is written`(_ store: Store) async throws {
        struct NotThere: Error {}
        try await store.with { connection in
            let file = try SchemaMigration(1, "a", "-- azu:requires backfill\nCREATE TABLE a (b int)")
            let closed = SchemaMigrator(connection) { names in
                #expect(names == ["backfill"])
                throw NotThere()
            }
            await #expect(throws: NotThere.self) { try await closed.migrate([file]) }
            let isThere = try await connection.has("a")
            #expect(!isThere)
            try await SchemaMigrator(connection).migrate([file])
            // What is applied asks for nothing any more.
            try await closed.migrate([file])
        }
    }

    @Test(arguments: Store.all)
    func `of another tool are used as they are`(_ store: Store) async throws {
        try await store.with { connection in
            try await connection.execute("CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY)")
            try await connection.execute("INSERT INTO schema_migrations VALUES ('20240101000001'), ('20230101000000')")
            let files = [
                try SchemaMigration(1, "a", "CREATE TABLE a (b int)"),
                try SchemaMigration(2, "b", "CREATE TABLE b (c int)"),
            ]
            let migrator = SchemaMigrator(connection)
            try await migrator.migrate(files)
            let isThere = try await connection.has("a")
            #expect(!isThere)
            let status = try await migrator.status(of: files)
            #expect(status.map(\.version) == ["20230101000000", "20240101000001", "20240101000002"])
            #expect(status.map(\.isApplied) == [true, true, true])
            #expect(status[0].notes == ["file missing", "applied by another tool", "no way back"])
            #expect(status[1].notes == ["applied by another tool", "no way back"])
        }
    }

    @Test(arguments: Store.all)
    func `are recorded as numbers where another tool keeps numbers`(_ store: Store) async throws {
        try await store.with { connection in
            try await connection.execute("CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY)")
            let file = try SchemaMigration(1, "a", "CREATE TABLE a (b int);\n-- azu:down\nDROP TABLE a")
            let migrator = SchemaMigrator(connection)
            try await migrator.migrate([file])
            let status = try await migrator.status(of: [file])
            #expect(status.map(\.isApplied) == [true])
            #expect(status[0].appliedAt != nil)
            try await migrator.rollback(migrator.reversals(of: [file], newest: 1))
            let count = try await connection.number("SELECT count(*) FROM schema_migrations")
            #expect(count == 0)
        }
    }

    @Test(arguments: ["version bigint, dirty boolean", "name text"])
    func `are refused a table that means something else`(_ columns: String) async throws {
        try await Store.sqlite.with { connection in
            try await connection.execute("CREATE TABLE schema_migrations (\(raw: columns))")
            let error = await #expect(throws: SchemaMigrationError.self) {
                try await SchemaMigrator(connection).migrate([try SchemaMigration(1, "a", "CREATE TABLE a (b int)")])
            }
            #expect(error?.code == .table)
            let isThere = try await connection.has("a")
            #expect(!isThere)
        }
    }

    @Test(arguments: Store.all)
    func `with functions and triggers are split where they end`(_ store: Store) async throws {
        let trigger =
            switch store {
            case .sqlite:
                """
                CREATE TRIGGER t AFTER INSERT ON a BEGIN
                  UPDATE a SET b = CASE WHEN b > 1 THEN 2 ELSE 3 END; -- one;
                  UPDATE a SET b = b + 10;
                END;
                """
            case .postgres:
                """
                CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  UPDATE a SET b = 2; -- one;
                  UPDATE a SET b = b + 10;
                  RETURN NULL;
                END $$;
                CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f();
                """
            }
        try await store.with { connection in
            let file = try SchemaMigration(1, "a", "CREATE TABLE a (b int);\n\(trigger)\nINSERT INTO a VALUES (5);")
            try await SchemaMigrator(connection).migrate([file])
            let number = try await connection.number("SELECT b FROM a")
            #expect(number == 12)
        }
    }

    @Test(arguments: Store.all)
    func `break no deferred constraint`(_ store: Store) async throws {
        try await store.with { connection in
            let file = try SchemaMigration(
                1,
                "a",
                """
                CREATE TABLE a (id int PRIMARY KEY);
                CREATE TABLE b (a_id int REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED);
                INSERT INTO b VALUES (1);
                """
            )
            let error = await #expect(throws: SchemaMigrationError.self) {
                try await SchemaMigrator(connection).migrate([file])
            }
            #expect(error?.code == .failed)
            let isThere = try await connection.has("a")
            #expect(!isThere)
        }
    }
}
