import Database
import Foundation
import Testing

/// Several processes and one migration of a database that lets several write.
@Suite(.enabled(if: PostgresWorkspace.isThere), .serialized)
struct PostgresSharedRunTests {
    private func expectAllWrittenOnce(_ workspace: PostgresWorkspace, _ rows: Int) async throws {
        let wrong: SQL = "SELECT count(*) FROM users WHERE writes <> 1 OR slug IS DISTINCT FROM name || '-' || id"
        #expect(try await workspace.number(wrong) == 0)
        #expect(try await workspace.number("SELECT sum(changed) FROM data_migration_slices") == rows)
        #expect(try await workspace.number("SELECT count(*) FROM data_migrations") == 1)
        #expect(try await workspace.number("SELECT count(*) FROM data_migration_runs WHERE status = 'succeeded'") == 1)
    }

    @Test func aSecondProcessTakesPartsOfARun() async throws {
        try await PostgresWorkspace.with { workspace in
            try await workspace.fill(90_000)
            let first = try workspace.start("db:data:run", "update_users", "--output", "json")
            try first.waitForOutput("\"batch\"")
            // While it is stopped, the other one must do without it.
            first.send(SIGSTOP)
            let second = try workspace.start("db:data:run", "update_users", "--output", "json", "--workers", "2")
            try second.waitForOutput("\"batch\"")
            #expect(second.isRunning)
            first.send(SIGCONT)
            let (led, helped) = (try first.finish(), try second.finish())
            #expect(led.code == 0, "\(led.errors)")
            #expect(helped.code == 0, "\(helped.errors)")
            #expect(helped.output.contains("\"batch\""))
            try await expectAllWrittenOnce(workspace, 90_000)
            let open = try await workspace.number(
                "SELECT count(*) FROM data_migration_slices WHERE status <> 'done' AND kind <> 'step'"
            )
            #expect(open == 0)
        }
    }

    @Test func aProcessThatSleptThroughTheEndOfItsLeaseWritesNothingAnyMore() async throws {
        try await PostgresWorkspace.with { workspace in
            try await workspace.fill(50_000)
            let sleeper = "azu_sleeper_" + workspace.schema.suffix(12)
            let first = try workspace.start(
                "db:data:run",
                "update_users",
                "--output",
                "json",
                application: sleeper
            )
            try first.waitForOutput("\"batch\"")
            first.send(SIGSTOP)
            // What the server does to a session that leaves its transaction open for too long.
            _ = try await workspace.connection.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = \(sleeper)"
            )
            try await workspace.connection.execute("UPDATE data_migration_slices SET lease_until = 0")
            let second = try workspace.start("db:data:run", "update_users", "--workers", "2").finish()
            #expect(second.code == 0, "\(second.errors)")
            try await expectAllWrittenOnce(workspace, 50_000)

            first.send(SIGCONT)
            let outcome = try first.finish()
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("update_users"), "\(outcome.errors)")
            try await expectAllWrittenOnce(workspace, 50_000)
        }
    }
}
