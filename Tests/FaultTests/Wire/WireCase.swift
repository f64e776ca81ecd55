import DataMigrations
import Database
import Testing

/// A run through the proxy, and the fault that strikes it.
struct WireCase: Sendable, CustomTestStringConvertible {
    let workload: WireWorkload
    let fault: WireFault
    /// Of the URL.
    var parameters: [String] = []

    var testDescription: String { "\(workload.name), \(fault.testDescription)" }

    /// Runs the migration, once more if the fault made it give up, and compares what it has left with what it must leave.
    ///
    /// - Parameter batch: how many batches are committed when the fault is armed.
    /// - Throws: what keeps the test, or the second run, from going on.
    func check(armedAfter batch: Int = 3) async throws {
        let server = try #require(PostgresServer.given)
        try await server.withSchema { schema in
            let proxy = try WireProxy(to: server)
            defer { proxy.stop() }
            // Longer than lost sessions hold their locks.
            let direct = try await server.connect(["schema=\(schema)", "lock_timeout=10s"])
            try await workload.prepare(direct)
            let watch = RunWatch(after: batch) { [fault] in proxy.arm(fault) }
            var hasGivenUp = false
            do {
                let connection = try await server.connect(["schema=\(schema)"] + parameters, port: proxy.port)
                try await migrate(connection, watch)
            } catch {
                hasGivenUp = true
                try await migrateAgain(direct)
            }
            try #require(proxy.strikes == 1, "the run has come to this message")

            let outcome = try await workload.outcome(in: direct)
            FaultTally.shared.record(
                fault.name,
                on: "PostgreSQL",
                lost: outcome.lost,
                doubled: outcome.doubled,
                repeated: watch.retries + (hasGivenUp ? 1 : 0)
            )
            #expect(outcome == WireWorkload.Outcome(counters: workload.counters))
            await direct.close()
        }
    }

    private func migrate(_ connection: any DatabaseConnection, _ watch: RunWatch) async throws {
        do {
            _ = try await Runner(connection, observer: watch).migrate(workload.entry)
            await connection.close()
        } catch {
            await connection.close()
            throw error
        }
    }

    /// What a person does with a run that has given up, once its leases have ended.
    private func migrateAgain(_ direct: any DatabaseConnection) async throws {
        try await direct.execute(
            "UPDATE data_migration_slices SET owner = NULL, lease_until = 0 WHERE owner IS NOT NULL"
        )
        _ = try await Runner(direct).migrate(workload.entry)
    }
}
