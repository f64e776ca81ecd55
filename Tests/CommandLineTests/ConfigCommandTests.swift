import Database
import Foundation
import Testing

/// What holds, and where it comes from, as a real process sees it.
@Suite struct ConfigCommandTests {
    private struct Record: Decodable {
        var setting: String
        var variable: String
        var source: String?
        var error: String?
    }

    private func records(_ output: String) throws -> [String: Record] {
        let decoder = JSONDecoder()
        let all = try output.split(separator: "\n").map { try decoder.decode(Record.self, from: Data($0.utf8)) }
        return Dictionary(uniqueKeysWithValues: all.map { ($0.setting, $0) })
    }

    @Test func eachSettingIsShownWithItsSource() throws {
        let workspace = try Workspace()
        try workspace.write("DATABASE_URL=postgresql://shop:s3cret@db.example/shop\nAZU_WROKERS=3\n", to: ".env")
        try workspace.write("{\"workers\": 4, \"window\": \"01:00-05:00\"}", to: "azu.json")
        let environment = ["AZU_WINDOW": "02:00-03:00", "AZU_ENV": "test"]
        let outcome = try workspace.run("config", "--run-time", "2h", environment: environment)
        #expect(outcome.code == 0)
        let lines = outcome.output.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true)
        }
        let words = Dictionary(lines.map { (String($0[0]), $0.dropFirst().joined(separator: " ")) }) { $1 }
        #expect(words["env"] == "test AZU_ENV")
        #expect(words["databaseURL"] == "postgresql://db.example/shop DATABASE_URL in .env")
        #expect(words["workers"] == "4 workers in azu.json")
        #expect(words["window"] == "02:00-03:00 AZU_WINDOW")
        #expect(words["runTime"] == "2h --run-time")
        #expect(words["retryFor"] == "5m")
        #expect(words["pauseFile"] == "-")
        #expect(outcome.errors == "AZU_WROKERS in .env: there is no such setting\n")
        #expect(!outcome.output.contains("s3cret"))
        let named = try workspace.run("config", "--env", "test", "--output", "json", environment: environment)
        let records = try records(named.output)
        #expect(records["env"]?.source == "--env")
        #expect(records["workers"]?.source == "workers in azu.json")
        #expect(records["retryFor"]?.source == nil)
        #expect(!named.output.contains("s3cret"))
    }

    @Test func aWrongValueIsShownAndEndsWithExitCode1() throws {
        let workspace = try Workspace()
        try workspace.write("{\"workers\": 400}", to: "azu.json")
        let outcome = try workspace.run("config")
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("? workers in azu.json: it takes a whole number from 1 to 64"))
        #expect(outcome.errors == "azu: workers in azu.json: it takes a whole number from 1 to 64\n")
        let json = try workspace.run("config", "--output", "json")
        #expect(
            try records(json.output)["workers"]?.error == "workers in azu.json: it takes a whole number from 1 to 64"
        )
    }

    @Test func aRunStopsAtAWrongSettingBeforeItOpensTheDatabase() async throws {
        let workspace = try Workspace()
        for command in ["db:data:migrate", "db:data:retry"] {
            let arguments = [command] + (command == "db:data:retry" ? ["update_users"] : [])
            let outcome = try Program(arguments, in: workspace.folder, environment: ["AZU_WINDOW": "night"]).finish()
            #expect(outcome.code == 1)
            #expect(outcome.errors == "azu: AZU_WINDOW: it takes two times of day, such as 01:00-05:00\n")
        }
        #expect(!FileManager.default.fileExists(atPath: workspace.database.path()))
    }

    @Test func aRunTakesItsLimitsFromTheFileAndWritesItsMetrics() async throws {
        let workspace = try Workspace()
        try await workspace.fill(2_000)
        try workspace.write("{\"runTime\": \"0s\", \"metricsFile\": \"azu.prom\"}", to: "azu.json")
        let stopped = try workspace.run("db:data:run", "update_users")
        #expect(stopped.code == 4)
        let file = workspace.folder.appending(path: "azu.prom")
        #expect(try String(contentsOf: file, encoding: .utf8).contains("status=\"cancelled\"} 1\n"))
        // The flag goes before the file.
        #expect(try workspace.run("db:data:run", "update_users", "--run-time", "1h").code == 0)
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains("\nazu_rows_written_total{") && text.contains("operation=\"update\"} 2000\n"))
        #expect(text.contains("status=\"succeeded\"} 1\n"))
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE writes = 1") == 2_000)
    }

    @Test func productionIsTouchedWithoutAQuestionWhereTheEnvironmentSaysSo() async throws {
        let workspace = try Workspace()
        try await workspace.fill(10)
        let production = ["AZU_ENV": "production"]
        try workspace.write("DATABASE_URL=sqlite:test.sqlite\nAZU_YES=1\n", to: ".env")
        let refused = try workspace.run("db:data:run", "update_users", environment: production)
        #expect(refused.code == 1)
        #expect(refused.errors.contains("AZU_YES in .env: that is to be decided for each run"))
        try workspace.write("DATABASE_URL=sqlite:test.sqlite\n", to: ".env")
        let sure = production.merging(["AZU_YES": "1"]) { $1 }
        #expect(try workspace.run("db:data:run", "update_users", environment: sure).code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 10)
    }

    @Test func theSchemaInProductionIsTouchedAsRowsAre() async throws {
        let workspace = try Workspace()
        let folder = workspace.folder.appending(path: "db/migrations")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try workspace.write(
            "CREATE TABLE a (b INTEGER);\n-- azu:down\nDROP TABLE a;",
            to: "db/migrations/20230101000001_create_a.sql"
        )
        try workspace.write("INSERT INTO a VALUES (1);", to: "db/seeds.sql")
        #expect(try workspace.run("db:create").code == 0)
        let production = ["AZU_ENV": "production"]
        let sure = production.merging(["AZU_YES": "1"]) { $1 }
        for command in ["db:setup", "db:migrate", "db:seed", "db:rollback"] {
            let refused = try workspace.run(command, environment: production)
            #expect(refused.code == 1)
            #expect(refused.errors.contains("say --yes"), "\(refused.errors)")
            let outcome = try workspace.run(command, environment: sure)
            #expect(outcome.code == 0, "\(command): \(outcome.errors)")
        }
        #expect(try await workspace.number("SELECT count(*) FROM sqlite_master WHERE name = 'a'") == 0)
        // What deletes for good wants a --yes of its own.
        for words in [["db:reset"], ["db:migrate", "--test-rollback"]] {
            let refused = try Program(words, in: workspace.folder, environment: sure).finish()
            #expect(refused.code == 1)
            #expect(refused.errors.contains("say --yes if you mean it"), "\(refused.errors)")
        }
    }

    @Test func aHintNamesTheEnvironmentThatWasAskedFor() async throws {
        let workspace = try Workspace()
        try workspace.write("DATABASE_URL=sqlite:staging.sqlite\n", to: ".env.staging")
        let missing = try workspace.run("db:data:status", "--env", "staging")
        #expect(missing.errors.contains("; azu db:create --env staging makes it"), "\(missing.errors)")
        #expect(try workspace.run("db:data:status").errors.contains("; azu db:create makes it"))
        try await workspace.fill(10)
        try await workspace.execute("UPDATE users SET name = 'bad' WHERE id = 3")
        try workspace.write("DATABASE_URL=sqlite:test.sqlite\n", to: ".env.staging")
        let outcome = try workspace.run("db:data:run", "update_users", "--env=staging")
        #expect(outcome.code == 3)
        #expect(outcome.output.contains("azu db:data:failures --env staging 20240101000001 lists"), "\(outcome.output)")
    }
}
