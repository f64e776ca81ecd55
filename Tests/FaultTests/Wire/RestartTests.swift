import DataMigrations
import Database
import Testing

/// The server is restarted in the midst of a run, which goes on by itself once the server is up again.
@Suite(.enabled(if: PostgresServer.isThere), .serialized)
struct RestartTests {
    @Test(.timeLimit(.minutes(10)), arguments: OwnServer.Mode.allCases)
    func aRunOutlastsARestartOfTheServer(_ mode: OwnServer.Mode) async throws {
        // A thousand batches take longer than it takes to call `pg_ctl`.
        let workload = WireWorkload.update(rows: 10_000, batchSize: 9)
        try await OwnServer.with { own in
            let direct = try await own.server.connect([])
            try await workload.prepare(direct)
            let connection = try await own.server.connect([])
            let (moment, signal) = AsyncStream.makeStream(of: Void.self)
            let watch = RunWatch(after: 50) { signal.yield() }
            let run = Task {
                defer { signal.finish() }
                return try await Runner(connection, observer: watch).migrate(workload.entry)
            }
            // Fifty batches are committed.
            for await _ in moment { break }
            try await own.restart(mode)
            let report = try await run.value
            #expect(report?.status == .succeeded)
            #expect(report?.counters == workload.counters)
            #expect(watch.retries > 0, "the run was not over before")
            await connection.close()
            await direct.close()

            let fresh = try await own.server.connect([])
            let outcome = try await workload.outcome(in: fresh)
            FaultTally.shared.record(
                "server restarted (\(mode.rawValue))",
                on: "PostgreSQL",
                lost: outcome.lost,
                doubled: outcome.doubled,
                repeated: watch.retries
            )
            #expect(outcome == WireWorkload.Outcome(counters: workload.counters))
            await fresh.close()
        }
    }
}
