import Database
import Foundation
import Synchronization
import Testing

/// Every command with `--output json` is run, and each line that it prints is held against its schema in docs/json.
@Suite(.serialized) struct OutputSchemaTests {
    private let schemas: JSONSchemas
    private let seen = Seen()

    /// The schemas that something was held against, and the events that came by.
    private final class Seen: Sendable {
        let names = Mutex<Set<String>>([])
        let events = Mutex<Set<String>>([])
    }

    init() throws { schemas = try JSONSchemas.documented() }

    private func expect(
        _ outcome: Program.Outcome,
        code: Int32 = 0,
        _ schema: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(outcome.code == code, "\(outcome.output)\(outcome.errors)", sourceLocation: sourceLocation)
        let lines = outcome.output.split(separator: "\n")
        #expect(!lines.isEmpty, "\(schema) printed nothing; \(outcome.errors)", sourceLocation: sourceLocation)
        for line in lines {
            let document = try JSON(String(line))
            let errors = schemas.errors(in: document, by: schema)
            #expect(errors == [], "\(schema): \(line)", sourceLocation: sourceLocation)
            if let event = document["event"]?.string { seen.events.withLock { _ = $0.insert(event) } }
        }
        seen.names.withLock { _ = $0.insert(schema) }
    }

    /// Runs a command with JSON as its output; its schema is called as it is.
    private func expect(
        _ workspace: Workspace,
        _ command: String,
        _ arguments: String...,
        code: Int32 = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let words = command.split(separator: " ").map(String.init) + arguments + ["--output", "json"]
        let outcome = try Program(words, in: workspace.folder).finish()
        let schema = command.replacing(":", with: "-").replacing(" ", with: "-")
        try expect(outcome, code: code, schema, sourceLocation: sourceLocation)
    }

    @Test func eachCommandPrintsWhatItsSchemaSays() async throws {
        try projects()
        try await schema()
        try await settings()
        try await runs()
        try await rollbacks()
        try await control()
        let shared: Set = ["common", "progress"]
        #expect(seen.names.withLock { $0 } == Set(schemas.files.keys).subtracting(shared))
        // The others come only from a database under load, or after a failure that passes.
        let rare: Set = ["message", "retrying", "throttled", "unthrottled"]
        let events = try #require(schemas.files["progress"]?["$defs"]).members.keys
        #expect(seen.events.withLock { $0 }.isSuperset(of: Set(events).subtracting(rare)))
    }

    private func projects() throws {
        let workspace = try Workspace()
        try expect(workspace, "db:create")
        try expect(workspace, "db:create")
        try expect(workspace, "db:drop", "--yes")
        try expect(workspace, "db:drop", "--yes")
        try expect(workspace, "init", "--root", "shop")
        try expect(workspace, "generate", "data_migration", "backfill_user_slugs", "--root", "shop")
        try expect(workspace, "generate", "data_migration", "normalize_names", "--sql", "--root", "shop")
        try expect(workspace, "generate", "migration", "CreateUsers", "email:string!:uniq", "--dialect", "postgresql")
    }

    private func schema() async throws {
        let workspace = try Workspace()
        let folder = workspace.folder.appending(path: "db/migrations", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try workspace.write(
            "CREATE TABLE posts (id INTEGER PRIMARY KEY);\n-- azu:down\nDROP TABLE posts;",
            to: "db/migrations/20230101000001_create_posts.sql"
        )
        // Two statements without a transaction are told one by one.
        try workspace.write(
            "-- azu:no-transaction\nCREATE TABLE a (b);\nCREATE TABLE c (d);\n-- azu:down\nDROP TABLE a;\nDROP TABLE c;",
            to: "db/migrations/20230101000002_create_both.sql"
        )
        try workspace.write("INSERT INTO posts DEFAULT VALUES;", to: "db/seeds.sql")
        try expect(workspace, "db:setup")
        try expect(workspace, "db:setup")
        try expect(workspace, "db:seed")
        try expect(workspace, "db:status")
        try expect(workspace, "db:rollback", "--dry-run", code: 2)
        try expect(workspace, "db:rollback", "--steps", "2")
        let data = ["--with-data", "--version", "20240101000001"]
        let shown = try Program(["db:migrate", "--dry-run", "--output", "json"] + data, in: workspace.folder).finish()
        try expect(shown, code: 2, "db-migrate")
        try expect(workspace, "db:migrate", "--test-rollback")
        try expect(workspace, "db:migrate")
        try workspace.write(
            "CREATE TABLE e (f);\nCREATE TABLE g (h);\n-- azu:down\nDROP TABLE g;",
            to: "db/migrations/20230101000003_wrong.sql"
        )
        try expect(workspace, "db:migrate", "--test-rollback", code: 5)
        try FileManager.default.removeItem(at: folder.appending(path: "20230101000003_wrong.sql"))
        try await workspace.execute(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, slug TEXT)",
            "INSERT INTO users (name) VALUES ('Ada')"
        )
        let run = try Program(["db:migrate", "--output", "json"] + data, in: workspace.folder).finish()
        try expect(run, "db-migrate")
        try expect(workspace, "db:status")
        try expect(workspace, "db:data:mark", "copy_posts", "archive_orders", "--yes")
        try expect(workspace, "db:data:mark", "copy_posts", "--yes")
        try expect(workspace, "db:reset", "--yes")
    }

    /// What holds, and what migrations take.
    private func settings() async throws {
        let workspace = try Workspace()
        try await workspace.fill(20)
        try expect(workspace, "config", "--workers", "2", "--throttle", "lag=5", "--max-rows-per-second", "0.5")
        let wrong = try workspace.run("config", "--output", "json", environment: ["AZU_WORKERS": "many"])
        try expect(wrong, code: 1, "config")
        try expect(workspace, "db:data:show", "update_users")
        try expect(workspace, "db:data:show", "import_people")
        try expect(workspace, "db:data:show", "reversible")
        let given = try workspace.runGiven("db:data:run", "discount_orders", "--set", "limit=9", "--output", "json")
        try expect(given, "db-data-run")
        for name in ["discount_orders", "purge_posts", "rename_people"] {
            try expect(try workspace.runGiven("db:data:show", name, "--output", "json"), "db-data-show")
        }
        try expect(try workspace.runGiven("db:data:status", "--output", "json"), "db-data-status")
        try expect(try workspace.runGiven("db:status", "--output", "json"), "db-status")
    }

    private func runs() async throws {
        let workspace = try Workspace()
        try await workspace.fill(1_200)
        try await workspace.execute("UPDATE users SET name = 'bad' WHERE id = 3")
        try expect(workspace, "db:data:plan", "update_users", "import_people", "missing_column", code: 1)
        try expect(workspace, "db:data:migrate", "--dry-run", "--version", "archive_orders", code: 2)
        try expect(workspace, "db:data:run", "update_users", code: 3)
        try expect(workspace, "db:data:failures", "update_users")
        try expect(workspace, "db:data:status")
        try expect(workspace, "db:data:retry", "update_users", code: 3)
        try expect(workspace, "db:data:accept", "update_users", "--yes")
        try expect(workspace, "db:data:verify", "update_users")
        try expect(workspace, "db:data:require", "update_users")
        try expect(workspace, "db:data:require", "update_users", "copy_posts", code: 1)
        try expect(workspace, "db:data:migrate", "--version", "import_people")
        try expect(workspace, "db:data:migrate", "--version", "import_people")
        try expect(workspace, "db:data:run", "mark_users", code: 3)
        try expect(workspace, "db:data:accept", "mark_users", "--yes")
        try await workspace.execute("UPDATE users SET name = 'wrong' WHERE id = 4")
        try expect(workspace, "db:data:verify", code: 5)
        try expect(workspace, "db:data:status")
    }

    private func rollbacks() async throws {
        let workspace = try Workspace()
        try await workspace.fill(1_200)
        try expect(workspace, "db:data:run", "update_users", "archive_orders", "reversible")
        try expect(workspace, "db:data:journal show", "update_users", "--row", "7")
        try expect(workspace, "db:data:journal size")
        try await workspace.execute("UPDATE users SET slug = 'mine' WHERE id = 7", "DELETE FROM users WHERE id = 8")
        try expect(workspace, "db:data:rollback", "--plan", "--version", "reversible", code: 2)
        try expect(workspace, "db:data:rollback", "--plan", "--version", "update_users", code: 1)
        try expect(workspace, "db:data:rollback", "--version", "update_users", "--on-conflict", "skip", code: 3)
        try expect(workspace, "db:data:failures", "update_users")
        try await workspace.execute("UPDATE data_migration_runs SET finished_at = datetime('now', '-1 hour')")
        try expect(workspace, "db:data:journal prune", "--older-than", "1m", "--yes")
        try expect(workspace, "db:data:status")
    }

    private func control() async throws {
        let workspace = try Workspace()
        try await workspace.fill(60_000)
        let arguments = ["db:data:run", "update_users", "--output", "json", "--max-rows-per-second", "1000"]
        let program = try Program(arguments, in: workspace.folder)
        try program.waitForOutput("\"batch\"")
        try expect(workspace, "db:data:watch", "--once")
        try expect(workspace, "db:data:pause", "update_users")
        try program.waitForOutput("\"waiting\"")
        try expect(workspace, "db:data:set", "update_users", "batch-size=600", "rows-per-second=2000")
        try expect(workspace, "db:data:watch", "update_users", "--once")
        try expect(workspace, "db:data:resume", "update_users")
        try program.waitForOutput("\"going_on\"")
        try expect(workspace, "db:data:cancel", "update_users")
        try expect(try program.finish(), code: 4, "db-data-run")
    }
}
