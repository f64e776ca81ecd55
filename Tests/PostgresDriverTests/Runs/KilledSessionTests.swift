import DataMigrations
import Database
import Foundation
import Testing

/// Server processes of a run are ended by somebody else; the run goes on, and writes each row once.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct KilledSessionTests {
    /// What tells sessions apart, in `pg_stat_activity`: between two batches, and in the midst of one.
    private static let reads = #"query LIKE 'SELECT "id", "xmin"%'"#
    private static let hasWritten = "query = 'COMMIT'"
    private static let writes = "(state LIKE 'idle in transaction%' OR NOT \(reads))"

    /// Works with sessions that are known by an application's name, and 4 000 users.
    private func withUsers(
        _ body: (_ url: String, _ connection: any DatabaseConnection, _ application: String) async throws -> Void
    ) async throws {
        let application = "azu_" + UUID().uuidString
        try await TestServer.withSchema("application_name=\(application)") { url in
            let connection = try await TestServer.connect(url)
            try await makeUsers(4_000, in: connection)
            try await body(url, connection, application)
            await connection.close()
        }
    }

    private func expectAllWrittenOnce(_ connection: any DatabaseConnection, _ report: RunReport?) async throws {
        #expect(report?.status == .succeeded)
        #expect(report?.counters.visited == 4_000)
        #expect(report?.counters.changed == 4_000)
        let wrong: SQL = "SELECT count(*) FROM users WHERE writes <> 1 OR slug IS DISTINCT FROM name || '-' || id"
        #expect(try await connection.number(wrong) == 0)
    }

    @Test(.timeLimit(.minutes(10)), arguments: UInt64(1)...2)
    func betweenBatchesTheWriterIsOpenedAgain(seed: UInt64) async throws {
        try await withUsers { _, connection, application in
            var random = SplitMix(state: seed)
            let moments = Set((0..<6).map { _ in Int.random(in: 1..<40, using: &random) })
            let killer = Recorder { number in
                guard moments.contains(number) else { return }
                #expect(Blocking.end(application, where: Self.hasWritten) == 1)
            }
            let report = try await Runner(connection, observer: killer).migrate(entry(BackfillSlugs()))
            #expect(killer.retries.count >= moments.count)
            try await expectAllWrittenOnce(connection, report)
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: UInt64(1)...2)
    func inTheMidstOfABatchItIsReadAndWrittenAgain(seed: UInt64) async throws {
        try await withUsers { _, connection, application in
            var random = SplitMix(state: seed)
            let moments = Set((0..<6).map { _ in Int64.random(in: 1...4_000, using: &random) })
            let once = Once()
            let recorder = Recorder()
            let migration = BackfillSlugs { id in
                guard moments.contains(id), once.isFirst(id) else { return }
                // None, where another of these rows lies before it in its batch.
                Blocking.end(application, where: Self.writes)
            }
            let report = try await Runner(connection, observer: recorder).migrate(entry(migration))
            #expect(!recorder.retries.isEmpty)
            try await expectAllWrittenOnce(connection, report)
        }
    }

    @Test(.timeLimit(.minutes(10))) func theReaderIsOpenedAgain() async throws {
        try await withUsers { _, connection, application in
            let killer = Recorder { number in
                guard [2, 20, 39].contains(number) else { return }
                #expect(Blocking.end(application, where: Self.reads) == 1)
            }
            let report = try await Runner(connection, observer: killer).migrate(entry(BackfillSlugs()))
            try await expectAllWrittenOnce(connection, report)
        }
    }

    @Test(.timeLimit(.minutes(10))) func readerAndWriterAreOpenedAgain() async throws {
        try await withUsers { _, connection, application in
            let killer = Recorder { number in
                guard [2, 20, 39].contains(number) else { return }
                #expect(Blocking.end(application) == 2)
            }
            // Nobody else has a session: one that asks for the load comes back only when it asks again.
            let limits = RunLimits(signals: [], latencyGrowth: nil)
            let report = try await Runner(connection, observer: killer, limits: limits).migrate(entry(BackfillSlugs()))
            #expect(!killer.retries.isEmpty)
            try await expectAllWrittenOnce(connection, report)
        }
    }

    /// Ends one of an application's sessions at random moments.
    private static func kill(_ application: String, times: Int, seed: UInt64) async throws {
        try await TestServer.withConnection { killer in
            var random = SplitMix(state: seed)
            var kills = 0
            while kills < times, !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(Int.random(in: 5...150, using: &random)))
                let found = try await killer.query(
                    "SELECT pid FROM pg_stat_activity WHERE application_name = \(application) ORDER BY pid"
                )
                guard let victim = found.randomElement(using: &random)?[0].integer else { continue }
                _ = try await killer.query("SELECT pg_terminate_backend(\(victim))")
                kills += 1
            }
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: UInt64(1)...3, [1, 2])
    func atRandomMomentsNothingIsLostOrDoubled(seed: UInt64, workers: Int) async throws {
        try await withUsers { url, connection, application in
            let killer = Task { try await Self.kill(application, times: 25, seed: seed) }
            var report: RunReport?
            // Not everything is tried again by itself; then the run is, as a person would.
            for attempt in 1...60 {
                do {
                    let runner = Runner(connection, workers: workers)
                    report = try await runner.migrate(entry(BackfillSlugs(batchSize: 20)))
                    break
                } catch  where attempt < 60 {
                    continue
                }
            }
            killer.cancel()
            _ = try? await killer.value
            // There is no report where the run was over, and the answer was lost.
            #expect(report == nil || report?.status == .succeeded)
            let last = try await TestServer.connect(url)
            let wrong: SQL = "SELECT count(*) FROM users WHERE writes <> 1 OR slug IS DISTINCT FROM name || '-' || id"
            #expect(try await last.number(wrong) == 0)
            #expect(try await last.number("SELECT sum(changed) FROM data_migration_slices") == 4_000)
            #expect(try await last.number("SELECT count(*) FROM data_migrations") == 1)
            await last.close()
        }
    }
}
