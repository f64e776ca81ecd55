import DataMigrations
import Database
import Synchronization
import Testing

/// A run beside an application that is at work.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct CourtesyRunTests {
    /// How many rows each batch had, and what slowed the run down.
    private final class Log: ProgressObserver {
        private let state = Mutex<(batches: [Int], signals: [String])>(([], []))

        func observe(_ event: ProgressEvent) {
            switch event {
            case .batch(let batch): state.withLock { $0.batches.append(batch.counters.visited) }
            case .throttled(let throttle): if let throttle { state.withLock { $0.signals.append(throttle.signal) } }
            default: break
            }
        }

        var batches: [Int] { state.withLock { $0.batches } }
        var signals: [String] { state.withLock { $0.signals } }
    }

    /// Runs a backfill of 6 000 users while the application asks one thing after the other.
    private func run(_ limits: RunLimits, _ check: (Log, RunReport?) throws -> Void) async throws {
        try await TestServer.withSchema { url in
            let connection = try await TestServer.connect(url)
            try await makeUsers(6_000, in: connection)
            let application = try await TestServer.connect(url + "&application_name=shop")
            let isOver = StopSignal()
            try await application.execute("SELECT 1")
            let work = Task {
                while isOver.requested == nil { try await application.execute("SELECT pg_sleep(0.001)") }
            }
            let log = Log()
            let report = try? await Runner(connection, observer: log, limits: limits).migrate(entry(BackfillSlugs()))
            isOver.request("the run has ended")
            try await work.value
            try check(log, report)
            let wrong: SQL = "SELECT count(*) FROM users WHERE writes <> 1 OR slug IS DISTINCT FROM name || '-' || id"
            let count = try await connection.number(wrong)
            #expect(count == 0)
            await application.close()
            await connection.close()
        }
    }

    @Test(.timeLimit(.minutes(10))) func itsBatchesAreShortAndPausesFollow() async throws {
        try await run(RunLimits(signals: [])) { log, report in
            #expect(report?.status == .succeeded)
            #expect(report?.counters.changed == 6_000)
            #expect(log.signals.contains("latency"))
            // The first one has a thousand, before anything is known of how long rows take.
            let later = log.batches.dropFirst()
            #expect(later.allSatisfy { $0 < 1_000 }, "\(log.batches)")
        }
    }

    @Test(.timeLimit(.minutes(10))) func itGoesAsFastAsItCanWhereNobodyWantsItGentle() async throws {
        try await run(RunLimits(signals: [], latencyGrowth: nil)) { log, report in
            #expect(report?.status == .succeeded)
            #expect(log.signals.isEmpty)
        }
    }

    @Test func othersAreThoseWithAnotherNameThatWorkOrHaveJustDoneSo() async throws {
        try await TestServer.withSchema { url in
            // A name of the test's own: other tests are at work on the server, too.
            let connection = try await TestServer.connect(url + "&application_name=azu-courtesy")
            let own = try await TestServer.connect(url + "&application_name=azu-courtesy")
            let application = try await TestServer.connect(url + "&application_name=shop")
            let others = try #require(connection.dialect.othersAtWork)
            func count(_ names: SQL) async throws -> Int {
                try await connection.number("\(others) AND application_name IN (\(names))")
            }
            try await own.execute("SELECT 1")
            try await application.execute("SELECT 1")
            let found = try await count("'shop', 'azu-courtesy'")
            #expect(found >= 1)
            let same = try await count("'azu-courtesy'")
            #expect(same == 0)
            for connection in [application, own, connection] { await connection.close() }
        }
    }

    @Test func theProbeNeedsNoPrivilege() async throws {
        try await TestServer.withSchema { url in
            let connection = try await TestServer.connect(url)
            let probe = try #require(connection.dialect.answerProbe)
            // A role that is gone with the transaction.
            try await connection.execute("BEGIN")
            try await connection.execute("CREATE ROLE azu_courtesy NOLOGIN")
            try await connection.execute("SET LOCAL ROLE azu_courtesy")
            let rows = try await connection.query(probe)
            #expect(rows.count == 1)
            try await connection.execute("ROLLBACK")
            await connection.close()
        }
    }
}
