import Database
import Foundation
import Testing

/// Schema migrations of PostgreSQL, by real processes.
@Suite(.enabled(if: PostgresWorkspace.isThere)) struct PostgresSchemaTests {
    private let path = "db/migrations/20230101000001_create_notes.sql"

    @Test func aKilledOneLeavesNothingAndTheNextOneWaitsForItsStatement() async throws {
        try await PostgresWorkspace.with { workspace in
            try workspace.write("CREATE TABLE notes (a int);\nSELECT pg_sleep(3);", to: path)
            let program = try workspace.start("db:migrate", "--output", "json")
            try program.waitForOutput("\"started\"")
            program.send(SIGKILL)
            #expect(try program.finish().isKilled)
            try workspace.write("CREATE TABLE notes (b int);\n-- azu:down\nDROP TABLE notes;", to: path)
            let next = try workspace.start("db:migrate", "--wait", "2m").finish()
            #expect(next.code == 0, "\(next.errors)")
            #expect(next.output.hasPrefix("✓ 20230101000001 create_notes: 1 statement ("))
            #expect(try await workspace.connection.schema(of: workspace.schema + ".notes")?.column("b") != nil)
        }
    }

    @Test func threeAtOnceApplyEachFileOnce() async throws {
        try await PostgresWorkspace.with { workspace in
            for number in 10...19 {
                try workspace.write("CREATE TABLE t\(number) (a int);", to: "db/migrations/202301010000\(number)_t.sql")
            }
            let programs = try (1...3).map { _ in try workspace.start("db:migrate", "--wait", "2m", "--output", "json")
            }
            let outcomes = try programs.map { try $0.finish() }
            #expect(outcomes.map(\.code) == [0, 0, 0], "\(outcomes.map(\.errors))")
            let finished = try outcomes.flatMap { try $0.objects() }.filter { $0["event"] as? String == "finished" }
            #expect(finished.count == 10)
            #expect(try await workspace.number("SELECT count(*) FROM \(workspace.table("schema_migrations"))") == 10)
        }
    }

    @Test func whatIsGeneratedIsAppliedTestedAndTakenBack() async throws {
        try await PostgresWorkspace.with { workspace in
            for arguments in [
                ["CreateAuthors", "name:string!"],
                ["CreateUsers", "email:string{80}:uniq", "author:references", "data:jsonb"],
                ["AddAgeToUsers", "age:integer!:index"], ["RenameAgeToYearsInUsers"],
                ["RemoveDataFromUsers", "data:jsonb"],
            ] {
                let made = try workspace.start(["generate", "migration"] + arguments).finish()
                #expect(made.code == 0, "\(made.errors)")
            }
            let migrated = try workspace.start("db:migrate", "--test-rollback").finish()
            #expect(migrated.code == 0, "\(migrated.errors)")
            #expect(migrated.lines.count == 6)
            let back = try workspace.start("db:rollback", "--steps", "6").finish()
            #expect(back.code == 0, "\(back.errors)")
            #expect(try await workspace.connection.schema(of: workspace.schema + ".users") == nil)
        }
    }
}
