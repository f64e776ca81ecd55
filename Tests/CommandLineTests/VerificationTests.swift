import Database
import Foundation
import Testing

/// Verifications that fail, and the gate, as a deploy script sees them.
@Suite struct VerificationTests {
    private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    /// Users of whom two are called wrongly.
    private func workspace() async throws -> Workspace {
        let workspace = try Workspace()
        try await workspace.fill(20)
        try await workspace.execute("UPDATE users SET name = 'wrong' WHERE id IN (3, 5)")
        return workspace
    }

    private static let wrong = [
        #"  {"id":3,"marked":1,"name":"wrong"}"#, #"  {"id":5,"marked":1,"name":"wrong"}"#,
    ]

    @Test(arguments: ["db:data:run", "db:data:migrate"])
    func aRunWhoseVerificationFailsPrintsTheRowsAndExitsWith5(command: String) async throws {
        let workspace = try await workspace()
        if command == "db:data:migrate" {
            for migration in ["update_users", "copy_posts", "archive_orders", "import_people", "reversible"] {
                _ = try workspace.run("db:data:run", migration)
            }
            try await workspace.execute(
                "UPDATE users SET marked = NULL",
                """
                INSERT INTO data_migrations (version, name)
                VALUES ('20240101000005', 'missing_column'), ('20240101000006', 'missing_table')
                """
            )
        }
        let arguments = command == "db:data:run" ? [command, "mark_users"] : [command]
        let outcome = try Program(arguments, in: workspace.folder).finish()
        #expect(outcome.code == 5)
        let errors = lines(outcome.errors)
        #expect(Array(errors.suffix(3).dropLast()) == Self.wrong, "\(outcome.errors)")
        #expect(errors.last?.hasPrefix("azu: the verification of mark_users failed: 2 rows of users are left") == true)
        #expect(errors.filter { $0.hasPrefix("azu: ") }.count == 1)
        let states = try await workspace.texts(
            "SELECT status, verification FROM data_migration_runs WHERE name = 'mark_users'"
        )
        #expect(states == [["failed", "failed"]])

        try await workspace.execute("UPDATE users SET name = 'right' WHERE name = 'wrong'")
        #expect(try Program(arguments, in: workspace.folder).finish().code == 0)
    }

    @Test func retryAndAcceptExitWith5Too() async throws {
        let workspace = try await workspace()
        try await workspace.execute("UPDATE users SET name = 'bad' WHERE id = 7")
        #expect(try workspace.run("db:data:run", "mark_users").code == 3)
        let accepted = try workspace.run("db:data:accept", "mark_users", "--yes")
        #expect(accepted.code == 5)
        #expect(Array(lines(accepted.errors).suffix(3).dropLast()) == Self.wrong)
        #expect(try await workspace.texts("SELECT status FROM data_migration_runs") == [["quarantined"]])
        try await workspace.execute("UPDATE users SET name = 'well' WHERE id = 7")
        #expect(try workspace.run("db:data:retry", "mark_users").code == 5)
        try await workspace.execute("UPDATE users SET name = 'right' WHERE name = 'wrong'")
        #expect(try workspace.run("db:data:run", "mark_users").code == 0)
        #expect(try workspace.run("db:data:require", "mark_users").code == 0)
    }

    @Test func atMostTwentyRowsArePrinted() async throws {
        let workspace = try Workspace()
        try await workspace.fill(50)
        try await workspace.execute("UPDATE users SET name = 'wrong'")
        let errors = lines(try workspace.run("db:data:run", "mark_users").errors)
        #expect(errors.filter { $0.hasPrefix("  {") }.count == 20)
        #expect(errors.last?.contains("50 rows of users") == true)
    }

    @Test func verifyAsksAgainAndTheGateFollows() async throws {
        let workspace = try Workspace()
        try await workspace.fill(20)
        #expect(try workspace.run("db:data:run", "update_users", "mark_users").code == 0)
        let passed = try workspace.run("db:data:verify")
        #expect(passed.code == 0)
        #expect(lines(passed.output).map { $0.contains(": verified (") } == [true, true])
        #expect(try workspace.run("db:data:require", "update_users", "20240101000008").code == 0)

        try await workspace.execute("INSERT INTO users (id, name, marked) VALUES (21, 'new', 1)")
        let failed = try workspace.run("db:data:verify")
        #expect(failed.code == 5)
        #expect(lines(failed.output).map { $0.prefix(1) } == ["✗", "✓"])
        #expect(
            lines(failed.errors) == [
                #"  {"id":21,"name":"new","slug":null}"#,
                "azu: 1 row of users meets the condition of update_users, which processed rows leave; "
                    + "mend what is wrong, then azu db:data:verify 20240101000001",
            ]
        )
        let refused = try workspace.run("db:data:require", "mark_users", "update_users")
        #expect(refused.code == 1)
        #expect(
            refused.errors
                == "azu: data migrations are not there yet: update_users failed its verification; mend it, then "
                + "azu db:data:verify update_users\n"
        )
        #expect(refused.output.isEmpty)

        try await workspace.execute("UPDATE users SET slug = 'new-21' WHERE id = 21")
        #expect(try workspace.run("db:data:verify", "update_users").code == 0)
        #expect(try workspace.run("db:data:require", "mark_users", "update_users").code == 0)
    }

    @Test func severalThatFailAreToldInOneLine() async throws {
        let workspace = try Workspace()
        try await workspace.fill(20)
        #expect(try workspace.run("db:data:run", "update_users", "mark_users").code == 0)
        try await workspace.execute("INSERT INTO users (id, name) VALUES (21, 'new')")
        let failed = try workspace.run("db:data:verify", "mark_users", "update_users")
        #expect(failed.code == 5)
        let errors = lines(failed.errors)
        #expect(errors.count == 3)
        #expect(errors[0] == #"  mark_users: {"id":21,"marked":null,"name":"new"}"#)
        #expect(errors[1].hasPrefix("  update_users: {"))
        #expect(errors[2].contains("of mark_users, which") && errors[2].contains("of update_users, which"))
    }

    @Test func whatIsThereIsToldToPrograms() async throws {
        let workspace = try Workspace()
        try await workspace.fill(20)
        _ = try workspace.run("db:data:run", "update_users")
        try await workspace.execute("UPDATE users SET slug = NULL WHERE id = 4")
        let verified = try workspace.run("db:data:verify", "update_users", "--output", "json")
        let report = try object(verified.output)
        #expect(verified.code == 5)
        #expect(report["verification"] as? String == "failed")
        #expect(report["rows"] as? [String] == [#"{"id":4,"name":"user","slug":null}"#])
        let refused = try workspace.run("db:data:require", "update_users", "--output", "json")
        #expect(refused.code == 1)
        #expect(try object(refused.output)["passed"] as? Bool == false)

        try await workspace.execute("UPDATE users SET slug = 'x' WHERE id = 4")
        _ = try workspace.run("db:data:verify", "update_users")
        let passed = try workspace.run("db:data:require", "update_users", "--output", "json")
        #expect(try object(passed.output)["passed"] as? Bool == true)
        let status = try workspace.run("db:data:status", "--output", "json")
        let first = try object(lines(status.output)[0])
        #expect(first["verification"] as? String == "passed")
        #expect(first["verified_at"] as? String != nil)
    }

    @Test func statusTellsWhenAMigrationWasVerified() async throws {
        let workspace = try Workspace()
        try await workspace.fill(20)
        _ = try workspace.run("db:data:run", "update_users")
        try await workspace.execute("UPDATE data_migration_runs SET verified_at = '2024-05-06 07:08:09'")
        let before = lines(try workspace.run("db:data:status").output)
        #expect(before[0].contains("verified (UTC)"))
        #expect(before[1].contains("2024-05-06 07:08:09"))
        try await workspace.execute("UPDATE users SET slug = NULL WHERE id = 4")
        _ = try workspace.run("db:data:verify")
        let after = lines(try workspace.run("db:data:status").output)
        #expect(after[1].contains("verification failed") && !after[1].contains("2024-05-06 07:08:09"))
    }

    @Test func whatWasNeverRunIsRefusedAndNothingIsMade() async throws {
        let workspace = try Workspace()
        try await workspace.fill(1)
        let gate = try workspace.run("db:data:require", "update_users", "no_such_thing")
        #expect(gate.code == 1)
        #expect(lines(gate.errors).count == 1)
        #expect(gate.errors.contains("update_users was never run; no_such_thing was never run"))
        let verified = try workspace.run("db:data:verify", "update_users")
        #expect(verified.code == 1)
        #expect(lines(verified.errors).count == 1)
        #expect(verified.errors.contains("update_users was never run"))
        #expect(try workspace.run("db:data:verify").code == 0)
        #expect(try workspace.run("db:data:require").code == 64)
        #expect(try await workspace.number("SELECT count(*) FROM sqlite_master WHERE name LIKE 'data_migration%'") == 0)
    }

    private func object(_ text: String) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }
}
