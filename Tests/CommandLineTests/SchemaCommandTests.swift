import Database
import Foundation
import Testing

/// Schema migrations on the command line.
@Suite struct SchemaCommandTests {
    private let users =
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, slug TEXT);\n-- azu:down\nDROP TABLE users;"
    /// What never ends.
    private let endless =
        "SELECT count(*) FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n);"

    private func workspace(_ files: [String: String], fill rows: Int? = nil) async throws -> Workspace {
        let workspace = try Workspace()
        try FileManager.default.createDirectory(
            at: workspace.folder.appending(path: "db/migrations"),
            withIntermediateDirectories: true
        )
        for (name, text) in files { try workspace.write(text, to: "db/migrations/\(name).sql") }
        if let rows { try await workspace.fill(rows) } else { _ = try workspace.run("db:create") }
        return workspace
    }

    private func versions(_ workspace: Workspace) async throws -> [String?] {
        try await workspace.texts("SELECT version FROM schema_migrations ORDER BY version").map { $0[0] }
    }

    private func has(_ table: String, _ workspace: Workspace) async throws -> Bool {
        try await workspace.number("SELECT count(*) FROM sqlite_master WHERE name = \(table)") == 1
    }

    @Test func migrateAppliesInOrderAndRollbackTakesTheNewestBack() async throws {
        let workspace = try await workspace([
            "20230101000001_create_users": users,
            "20230101000002_add_email":
                "ALTER TABLE users ADD COLUMN email TEXT;\n-- azu:down\nALTER TABLE users DROP COLUMN email;",
        ])
        let first = try workspace.run("db:migrate", "--steps", "1")
        #expect(first.code == 0, "\(first.errors)")
        #expect(first.output.hasPrefix("✓ 20230101000001 create_users: 1 statement ("))
        let second = try workspace.run("db:migrate", "--output", "json")
        #expect(try second.objects().map { $0["event"] as? String } == ["started", "finished"])
        #expect(try second.objects().last?["name"] as? String == "add_email")
        #expect(try workspace.run("db:migrate").output == "nothing to do: all schema migrations are applied\n")

        let back = try workspace.run("db:rollback")
        #expect(back.code == 0, "\(back.errors)")
        #expect(back.output.hasPrefix("↩ 20230101000002 add_email: 1 statement ("))
        #expect(try await versions(workspace) == ["20230101000001"])
        #expect(try workspace.run("db:rollback", "--version", "create_users").code == 0)
        #expect(try await !has("users", workspace))
        let none = try workspace.run("db:rollback")
        #expect(none.code == 1)
        #expect(none.errors == "azu: no schema migration is applied, so there is nothing to roll back\n")
    }

    @Test func aDryRunShowsTheStatementsAndWritesNothing() async throws {
        let workspace = try await workspace(["20230101000001_create_users": users])
        let shown = try workspace.run("db:migrate", "--dry-run")
        #expect(shown.code == 2)
        #expect(
            shown.output == """
                20230101000001 create_users
                  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, slug TEXT);

                """
        )
        let json = try workspace.run("db:migrate", "--dry-run", "--output", "json")
        #expect(try json.objects().map { $0["kind"] as? String } == ["schema"])
        #expect(try await workspace.number("SELECT count(*) FROM sqlite_master") == 0)
        #expect(try workspace.run("db:migrate").code == 0)
        #expect(try workspace.run("db:migrate", "--dry-run").code == 0)
        #expect(try workspace.run("db:rollback", "--dry-run").code == 2)
        #expect(try await has("users", workspace))
    }

    @Test func aFileThatFailsIsToldInOneLine() async throws {
        let workspace = try await workspace([
            "20230101000001_create_users": users, "20230101000002_bad": "\n  INSERT INTO nowhere VALUES (1);",
        ])
        let outcome = try workspace.run("db:migrate")
        #expect(outcome.code == 1)
        #expect(
            outcome.errors
                == "azu: db/migrations/20230101000002_bad.sql:2:3: no such table: nowhere (nothing of this file was applied)\n"
        )
        #expect(try await versions(workspace) == ["20230101000001"])
        try workspace.write("SELECT 'a", to: "db/migrations/20230101000003_worse.sql")
        let unread = try workspace.run("db:migrate")
        #expect(unread.errors.hasPrefix("azu: db/migrations/20230101000003_worse.sql:1:8: a string begins here"))
    }

    @Test func statusShowsBothKindsInTheOrderOfTheirVersions() async throws {
        let workspace = try await workspace(
            ["20230101000001_notes": "CREATE TABLE notes (a)", "20240101000001_same_version": "CREATE TABLE b (a)"],
            fill: 10
        )
        let before = try workspace.run("db:status", "--output", "json")
        #expect(before.code == 0, "\(before.errors)")
        let records = try before.objects()
        #expect(records.count == 11)
        #expect(records.prefix(3).map { $0["kind"] as? String } == ["schema", "schema", "data"])
        #expect(records.allSatisfy { $0["status"] as? String == "pending" })
        #expect(try await workspace.number("SELECT count(*) FROM sqlite_master WHERE name LIKE '%migration%'") == 0)

        #expect(try workspace.run("db:migrate", "--version", "same_version").code == 0)
        #expect(try workspace.run("db:data:run", "update_users").code == 0)
        try workspace.write("CREATE TABLE notes (b)", to: "db/migrations/20230101000001_notes.sql")
        try workspace.write("CREATE TABLE late (b)", to: "db/migrations/20230101000000_late.sql")
        let root = workspace.folder.appending(path: "db/migrations/20240101000001_same_version.sql")
        try FileManager.default.removeItem(at: root)
        let lines = try workspace.run("db:status").lines
        #expect(lines[0].hasPrefix("status"))
        #expect(lines[1].hasPrefix("pending") && lines[1].contains("older than the newest applied one"))
        #expect(lines[2].hasPrefix("applied") && lines[2].contains("file changed"))
        #expect(lines[3].hasPrefix("applied") && lines[3].contains("file missing"))
        #expect(lines[4].hasPrefix("succeeded") && lines[4].contains("update_users"))

        let strict = try workspace.run("db:migrate", "--strict")
        #expect(strict.code == 1)
        #expect(strict.errors.contains("late: older than the newest applied one"))
        #expect(try await !has("late", workspace))
        #expect(try workspace.run("db:migrate").code == 0)
        #expect(try await has("late", workspace))
    }

    @Test func whatRequiresADataMigrationFailsClosed() async throws {
        let workspace = try await workspace(
            ["20240101000002_require_slugs": "-- azu:requires update_users\nCREATE TABLE after_it (a)"],
            fill: 20
        )
        let refused = try workspace.run("db:migrate")
        #expect(refused.code == 1)
        #expect(refused.errors == "azu: data migrations are not there yet: update_users was never run\n")
        #expect(try await !has("after_it", workspace))
        #expect(try workspace.run("db:data:run", "update_users").code == 0)
        #expect(try workspace.run("db:migrate").code == 0)
        #expect(try await has("after_it", workspace))
    }

    @Test func withDataBothKindsAreRunInOrderUntilOneIsNotThrough() async throws {
        let workspace = try await workspace(
            [
                "20230101000001_first": "CREATE TABLE first (a)",
                "20240101000001_log": """
                CREATE TABLE log (slugs INT);
                INSERT INTO log SELECT count(*) FROM users WHERE slug IS NOT NULL;
                """,
                "20240101000002_after":
                    "-- azu:requires update_users\nINSERT INTO log SELECT count(*) FROM users WHERE slug IS NOT NULL;",
            ],
            fill: 20
        )
        let shown = try workspace.run(
            "db:migrate",
            "--with-data",
            "--dry-run",
            "--version",
            "20240101000002",
            "--output",
            "json"
        )
        #expect(shown.code == 2)
        #expect(try shown.objects().map { $0["kind"] as? String } == ["schema", "schema", "data", "schema", "data"])
        try await workspace.execute("UPDATE users SET name = 'bad' WHERE id = 7")
        let stopped = try workspace.run("db:migrate", "--with-data", "--version", "20240101000002")
        #expect(stopped.code == 3, "\(stopped.errors)")
        #expect(try await workspace.texts("SELECT slugs FROM log") == [["0"]])
        #expect(try await versions(workspace) == ["20230101000001", "20240101000001"])
        let still = try workspace.run("db:migrate", "--with-data")
        #expect(still.code == 3)

        try await workspace.execute("UPDATE users SET name = 'well' WHERE id = 7")
        #expect(try workspace.run("db:data:retry", "update_users").code == 0)
        let rest = try workspace.run("db:migrate", "--with-data", "--version", "20240101000002")
        #expect(rest.code == 0, "\(rest.errors)")
        #expect(try await workspace.texts("SELECT slugs FROM log") == [["0"], ["20"]])
        #expect(try await workspace.texts("SELECT name FROM data_migrations") == [["update_users"], ["copy_posts"]])
    }

    @Test func setupMakesAllOfItAndResetMakesItAnew() async throws {
        let workspace = try Workspace()
        try FileManager.default.createDirectory(
            at: workspace.folder.appending(path: "db/migrations"),
            withIntermediateDirectories: true
        )
        try workspace.write(users, to: "db/migrations/20230101000001_create_users.sql")
        try workspace.write(
            "INSERT INTO users (id, name) VALUES (1, 'Ada') ON CONFLICT DO NOTHING;\nINSERT INTO users (id, name) VALUES (2, 'Grace') ON CONFLICT DO NOTHING;",
            to: "db/seeds.sql"
        )
        let setup = try workspace.run("db:setup")
        #expect(setup.code == 0, "\(setup.errors)")
        #expect(setup.output.hasSuffix("✓ db/seeds.sql: 2 rows written\n"))
        #expect(try workspace.run("db:setup").code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM users") == 2)
        try await workspace.execute("INSERT INTO users (name) VALUES ('Somebody')")
        let asked = try workspace.run("db:reset")
        #expect(asked.code == 1)
        #expect(asked.errors.contains("--yes"))
        let production = try workspace.run("db:reset", environment: ["AZU_ENV": "production"])
        #expect(production.code == 1)
        #expect(try await workspace.number("SELECT count(*) FROM users") == 3)
        #expect(try workspace.run("db:reset", "--yes").code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM users") == 2)

        try workspace.write(
            "INSERT INTO users (name) VALUES ('a');\nINSERT INTO users (name) VALUES (NULL);",
            to: "db/seeds.sql"
        )
        let seeded = try workspace.run("db:seed")
        #expect(seeded.code == 1)
        #expect(seeded.errors.hasPrefix("azu: db/seeds.sql:2:1: NOT NULL constraint failed"))
        #expect(try await workspace.number("SELECT count(*) FROM users") == 2)
    }

    @Test func aWrongWayBackIsFoundAndNothingIsApplied() async throws {
        let workspace = try await workspace([
            "20230101000001_create_users": "\(users)",
            "20230101000002_wrong":
                "ALTER TABLE users ADD COLUMN a TEXT; CREATE TABLE b (c);\n-- azu:down\nDROP TABLE b;",
        ])
        let outcome = try workspace.run("db:migrate", "--test-rollback")
        #expect(outcome.code == 5)
        #expect(outcome.output.contains("create_users: 1 statement, its way back leaves the schema as it was"))
        #expect(outcome.errors.contains("  + table users: a TEXT\n"))
        #expect(try await versions(workspace) == ["20230101000001"])
        #expect(try await !has("b", workspace))
    }

    @Test func aKilledOneLeavesNothingAndKeepsNobodyOut() async throws {
        let workspace = try await workspace(["20230101000001_slow": "CREATE TABLE a (b);\n\(endless)"])
        let program = try Program(["db:migrate", "--output", "json"], in: workspace.folder)
        try program.waitForOutput("\"started\"")
        let other = try workspace.run("db:migrate", "--wait", "0s")
        #expect(other.code == 1)
        #expect(other.errors.contains("azu: the schema is being migrated by process "), "\(other.errors)")
        program.send(SIGKILL)
        #expect(try program.finish().isKilled)
        #expect(try await !has("a", workspace))
        try workspace.write("CREATE TABLE a (b);", to: "db/migrations/20230101000001_slow.sql")
        let next = try workspace.run("db:migrate", "--wait", "0s")
        #expect(next.code == 0, "\(next.errors)")
        #expect(try await versions(workspace) == ["20230101000001"])
    }

    @Test func twoAtOnceApplyEachFileOnce() async throws {
        var files: [String: String] = [:]
        for number in 10...29 { files["202301010000\(number)_t\(number)"] = "CREATE TABLE t\(number) (a);" }
        let workspace = try await workspace(files)
        let programs = try (1...3).map { _ in try Program(["db:migrate", "--output", "json"], in: workspace.folder) }
        let outcomes = try programs.map { try $0.finish() }
        #expect(outcomes.map(\.code) == [0, 0, 0], "\(outcomes.map(\.errors))")
        let finished = try outcomes.flatMap { try $0.objects() }.filter { $0["event"] as? String == "finished" }
        #expect(finished.count == 20)
        #expect(try await versions(workspace).count == 20)
    }

    @Test func generatedFilesAreAppliedAndTakenBack() async throws {
        let workspace = try await workspace([:])
        let commands = [
            ["CreateAuthors", "name:string!"],
            ["CreateUsers", "name:string", "email:string:uniq", "author:references"],
            ["AddAgeToUsers", "age:integer!:index"], ["RenameAgeToYearsInUsers"], ["CreateJoinTableAuthorsUsers"],
        ]
        for command in commands {
            let made = try Program(["generate", "migration"] + command, in: workspace.folder).finish()
            #expect(made.code == 0, "\(made.errors)")
        }
        let migrated = try workspace.run("db:migrate", "--test-rollback")
        #expect(migrated.code == 0, "\(migrated.errors)")
        #expect(migrated.lines.count == 5)
        #expect(try await has("index_users_on_email", workspace))
        let back = try workspace.run("db:rollback", "--steps", "5")
        #expect(back.code == 0, "\(back.errors)")
        #expect(try await !has("users", workspace))
        let twice = try workspace.run("generate", "migration", "create_users")
        #expect(twice.code == 1)
        #expect(twice.errors.contains("_create_users.sql exists already"))
    }

    @Test func whatADumpHoldsIsMarkedAsExecuted() async throws {
        let workspace = try Workspace()
        try await workspace.fill(10)
        let asked = try workspace.run("db:data:mark", "update_users")
        #expect(asked.code == 1)
        #expect(asked.errors.contains("--yes"))
        #expect(try workspace.run("db:data:mark", "update_users", "copy_posts", "--yes").code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 0)
        #expect(try await workspace.texts("SELECT name FROM data_migrations") == [["update_users"], ["copy_posts"]])
        #expect(try await workspace.texts("SELECT kind FROM data_migration_events") == [["marked"], ["marked"]])
        let again = try workspace.run("db:data:mark", "update_users", "--yes")
        #expect(again.output == "nothing to do: they are executed\n")
        // Nobody has looked at the rows yet.
        #expect(try workspace.run("db:data:require", "update_users").code == 1)
        #expect(try workspace.run("db:data:verify", "update_users").code == 0)
        #expect(try workspace.run("db:data:require", "update_users").code == 0)
        let all = try workspace.run("db:data:mark", "--all", "--yes", "--output", "json")
        #expect(try all.objects().count == 7)
        #expect(try workspace.run("db:data:mark").code == 64)
    }
}
