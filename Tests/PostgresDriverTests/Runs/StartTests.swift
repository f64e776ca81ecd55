import DataMigrations
import Database
import Testing

/// Two processes begin the same migration at the same moment, as the copies of a service do.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct StartTests {
    private struct Nothing: DataMigration {
        func up(_ migration: MigrationContext) async throws {}
    }

    /// How a process fares, in a word; an error in its own words.
    private static func fare(_ connection: any DatabaseConnection) async -> String {
        do {
            return try await Runner(connection, leaseTime: .seconds(3_600)).migrate(entry(CopyUsers()))?.status.rawValue
                ?? "nothing to do"
        } catch let error as MigrationError where error.code == .held {
            return "held"
        } catch {
            return String(reflecting: error)
        }
    }

    private func expectOneRun(_ connection: any DatabaseConnection, _ fares: [String]) async throws {
        // Whoever was refused tries again, and has nothing to do.
        _ = try await Runner(connection, leaseTime: .seconds(3_600)).migrate(entry(CopyUsers()))
        for fare in fares { #expect(["succeeded", "nothing to do", "held"].contains(fare)) }
        #expect(try await connection.texts("SELECT count(*), count(DISTINCT user_id) FROM copies") == [["50", "50"]])
        let runs: SQL = "SELECT count(*) FROM data_migration_runs WHERE name = 'copy_users'"
        #expect(try await connection.number(runs) == 1)
        #expect(try await connection.number("SELECT count(*) FROM data_migrations WHERE name = 'copy_users'") == 1)
    }

    /// Works with two sessions, and one beside them.
    private func withSessions(
        _ body: (_ first: any DatabaseConnection, _ second: any DatabaseConnection, _ gate: any DatabaseConnection)
            async throws -> Void
    ) async throws {
        try await TestServer.withSchema { url in
            let first = try await TestServer.connect(url)
            let second = try await TestServer.connect(url)
            let gate = try await TestServer.connect(url)
            try await makeUsers(50, in: first)
            try await first.execute("CREATE TABLE copies (user_id bigint NOT NULL)")
            try await body(first, second, gate)
            for connection in [first, second, gate] { await connection.close() }
        }
    }

    @Test(.timeLimit(.minutes(10))) func onADatabaseWithALedgerTheWorkIsDoneOnce() async throws {
        for _ in 0..<10 {
            try await withSessions { first, second, gate in
                _ = try await Runner(gate).migrate(entry(Nothing(), version: "20230101000000"))
                let sessions = [try await first.backend(), try await second.backend()]
                // Both come as far as their first write, and go on at the same moment.
                try await gate.run([
                    .begin, .execute("LOCK TABLE data_migration_runs IN SHARE ROW EXCLUSIVE MODE"),
                ])
                async let one = Self.fare(first)
                async let other = Self.fare(second)
                let waiting: SQL = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN \(sessions)"
                // However the second one is kept waiting, it does not wait for longer than this.
                for _ in 0..<200 {
                    if try await gate.number(waiting) == 2 { break }
                    try await Task.sleep(for: .milliseconds(5))
                }
                try await gate.run([.commit])
                let fares = await [one, other]
                try await expectOneRun(first, fares)
            }
        }
    }

    @Test(.timeLimit(.minutes(10))) func onAnEmptyDatabaseTheWorkIsDoneOnce() async throws {
        for _ in 0..<20 {
            try await withSessions { first, second, _ in
                async let one = Self.fare(first)
                async let other = Self.fare(second)
                let fares = await [one, other]
                try await expectOneRun(first, fares)
            }
        }
    }
}
