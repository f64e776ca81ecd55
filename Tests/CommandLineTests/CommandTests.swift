import Database
import Foundation
import SQLiteDriver
import Testing

@Suite struct CommandTests {
    @Test func migrateRunsWhatIsPendingInOrderAndThenHasNothingToDo() async throws {
        let workspace = try Workspace()
        try await workspace.fill(1_200)
        let first = try workspace.run("db:data:migrate", "--version", "copy_posts")
        #expect(first.code == 0, "\(first.errors)")
        #expect(
            try await workspace.texts("SELECT name FROM data_migrations ORDER BY version")
                == [["update_users"], ["copy_posts"]]
        )
        let second = try workspace.run("db:data:migrate", "--steps", "1")
        #expect(second.code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM data_migrations") == 3)
        let third = try workspace.run("db:data:run", "update_users", "20240101000002")
        #expect(third.output == "nothing to do: all of these are executed\n")
    }

    @Test func bothSignalsStopAtABatchAndTheNextRunGoesOn() async throws {
        let workspace = try Workspace()
        try await workspace.fill(60_000)
        for signal in [SIGINT, SIGTERM] {
            let program = try Program(["db:data:run", "update_users", "--output", "json"], in: workspace.folder)
            try program.waitForOutput("\"batch\"")
            program.send(signal)
            #expect(try program.finish().code == 4)
        }
        let done = try await workspace.number("SELECT count(*) FROM users WHERE slug IS NOT NULL")
        #expect(done > 0 && done < 60_000 && done % 500 == 0)
        #expect(try workspace.run("db:data:run", "update_users").code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE writes <> 1") == 0)
    }

    @Test func badRowsAreListedRetriedAndAccepted() async throws {
        let workspace = try Workspace()
        try await workspace.fill(1_000)
        try await workspace.execute("UPDATE users SET name = 'bad' WHERE id IN (7, 8)")
        let first = try workspace.run("db:data:run", "update_users")
        #expect(first.code == 3)
        #expect(first.output.contains("2 in quarantine"))
        let csv = try workspace.run("db:data:failures", "update_users", "--output", "csv")
        let expected = #"[7],the name is bad,"{""id"":7,""name"":""bad"",""slug"":null}""#
        #expect(csv.output.split(separator: "\n").map(String.init).prefix(2) == ["row,error,original", expected])
        let json = try workspace.run("db:data:failures", "20240101000001", "--output", "json")
        #expect(json.output.split(separator: "\n").count == 2)

        try await workspace.execute("UPDATE users SET name = 'well' WHERE id = 7")
        #expect(try workspace.run("db:data:retry", "update_users").code == 3)
        #expect(try await workspace.texts("SELECT slug FROM users WHERE id = 7") == [["well-7"]])
        let refused = try workspace.run("db:data:accept", "update_users")
        #expect(refused.code == 1)
        #expect(refused.errors.contains("--yes"))
        #expect(try workspace.run("db:data:accept", "update_users", "--yes").code == 0)
        #expect(try workspace.run("db:data:run", "update_users").code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM data_migrations") == 1)
    }

    @Test func productionIsOnlyTouchedOnPurpose() async throws {
        let workspace = try Workspace()
        try await workspace.fill(10)
        let refused = try workspace.run("db:data:run", "update_users", environment: ["AZU_ENV": "production"])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("--yes"))
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 0)
        #expect(try workspace.run("db:data:run", "update_users", "--env", "production", "--yes").code == 0)
    }

    @Test func anEnvironmentReadsItsOwnFile() async throws {
        let workspace = try Workspace()
        try workspace.write("DATABASE_URL='sqlite:staging.sqlite' # not the usual one\n", to: ".env.staging")
        let created = try workspace.run("db:create", "--env", "staging")
        #expect(created.code == 0)
        #expect(created.output.hasPrefix("created "))
        #expect(FileManager.default.fileExists(atPath: workspace.folder.appending(path: "staging.sqlite").path()))
        #expect(try workspace.run("db:create", "--env", "staging").output.hasSuffix(" exists\n"))
    }

    @Test func anEnvironmentWithoutAFileTakesTheDatabaseOfTheProcess() throws {
        let workspace = try Workspace()
        let variables = ["DATABASE_URL": "sqlite:live.sqlite"]
        let created = try workspace.run("db:create", "--env", "live", environment: variables)
        #expect(created.output.hasSuffix("live.sqlite\n"), "\(created.output)")
        try workspace.write("DATABASE_URL=sqlite:named.sqlite\n", to: ".env.live")
        let named = try workspace.run("db:create", "--env", "live", environment: variables)
        #expect(named.output.hasSuffix("named.sqlite\n"), "\(named.output)")
    }

    @Test func statusTellsWhereEachMigrationStandsAndWritesNothing() async throws {
        let workspace = try Workspace()
        try await workspace.fill(10)
        let before = try workspace.run("db:data:status", "--output", "json")
        #expect(before.output.split(separator: "\n").allSatisfy { $0.contains(#""status":"pending""#) })
        #expect(try await workspace.number("SELECT count(*) FROM sqlite_master WHERE name LIKE 'data_migration%'") == 0)
        _ = try workspace.run("db:data:run", "copy_posts")
        let after = try workspace.run("db:data:status")
        let lines = after.output.split(separator: "\n")
        #expect(lines.count == 10)
        #expect(lines[1].contains("pending") && lines[1].contains("older than the newest executed one"))
        #expect(lines[2].contains("succeeded") && lines[2].contains("copy_posts"))
    }

    @Test func anAuthorsOwnDownTakesAMigrationBack() async throws {
        let workspace = try Workspace()
        try await workspace.fill(10)
        #expect(try workspace.run("db:data:run", "update_users", "reversible").code == 0)
        #expect(try workspace.run("db:data:rollback").code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE marked = 0") == 10)
        #expect(try await workspace.texts("SELECT name FROM data_migrations") == [["update_users"]])
        let journaled = try workspace.run("db:data:rollback", "--version", "update_users")
        #expect(journaled.code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE slug IS NULL") == 10)
        #expect(
            try await workspace.texts("SELECT status FROM data_migration_runs WHERE name = 'update_users'")
                == [["rolled_back"]]
        )
        #expect(try workspace.run("db:data:run", "reversible").code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE marked = 1") == 10)
    }

    @Test func everyLineOfJSONIsAnObject() async throws {
        let workspace = try Workspace()
        try await workspace.fill(1_200)
        let outcome = try workspace.run("db:data:run", "update_users", "--output", "json")
        let events = try outcome.output.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["event"] as? String
        }
        #expect(events == ["started", "reading", "batch", "batch", "batch", "sweeping", "finished"])
        #expect(outcome.errors.isEmpty)
    }
}
