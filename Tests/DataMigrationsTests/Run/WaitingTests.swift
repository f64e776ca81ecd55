import DataMigrations
import Database
import Foundation
import Synchronization
import Testing

/// What has a run wait, and how it goes on.
@Suite struct WaitingTests {
    private let migration = entry(BackfillSlugs())

    /// What a script has seen.
    private final class Notes: Sendable {
        private let state = Mutex<[String]>([])
        var texts: [String] { state.withLock { $0 } }
        func add(_ more: [String]) { state.withLock { $0 += more } }
    }

    @Test func whileASignalIsAboveItsLimitNoBatchBegins() async throws {
        let run = try await ControlledRun(users: 300)
        let seen = Notes()
        let waiting: SQL = "SELECT waiting FROM data_migration_slices WHERE step = 'rows' AND number = 0"
        let signal = ScriptedSignal(
            { _ in 1.5 },
            { connection in
                seen.add(try await connection.texts(waiting).compactMap { $0[0] })
                return 1.2
            },
            { _ in 0.2 }
        )
        #expect(try await run.migrate(migration, under: signal)?.status == .succeeded)
        let wait = ["waiting: the test is busy", "going on"]
        #expect(run.log.texts == wait + Array(repeating: "batch of 100", count: 3))
        #expect(seen.texts == ["the test is busy"])
        #expect(try await run.second.texts(waiting) == [[nil]])
        #expect(try await run.events() == ["started", "waited", "went_on", "finished"])
        let message: SQL = "SELECT message FROM data_migration_events WHERE kind = 'waited'"
        #expect(try await run.second.texts(message) == [["the test is busy"]])
        #expect(try await run.written() == [300, 0])
        #expect(signal.count >= 3)
        await run.close()
    }

    private struct Blind: Error, CustomStringConvertible {
        var description: String { "nobody may look" }
    }

    @Test func aSignalThatCannotBeReadSlowsARunDown() async throws {
        let run = try await ControlledRun(users: 300)
        let report = try await run.migrate(migration, under: ScriptedSignal({ _ in throw Blind() }))
        #expect(report?.status == .succeeded)
        #expect(run.log.texts.prefix(2) == ["batch of 100", "slower: script can't be read: nobody may look"])
        #expect(run.log.batches.count == 3)
        #expect(try await run.events() == ["started", "finished"])
        #expect(try await run.written() == [300, 0])
        await run.close()
    }

    @Test func aPauseFileHasItWaitForAsLongAsItIsThere() async throws {
        let run = try await ControlledRun(users: 200)
        let url = run.file.url.appendingPathExtension("pause")
        try Data().write(to: url)
        let signal = ScriptedSignal(
            { _ in nil },
            { _ in
                try FileManager.default.removeItem(at: url)
                return nil
            }
        )
        let limits = RunLimits(signals: [signal], pauseFile: url)
        #expect(try await run.runner(limits).migrate(migration)?.status == .succeeded)
        #expect(run.log.texts.first == "waiting: \(url.lastPathComponent) is there, which has it pause")
        #expect(run.log.texts.dropFirst() == ["going on", "batch of 100", "batch of 100"])
        #expect(try await run.written() == [200, 0])
        await run.close()
    }

    @Test func outsideOfItsHoursItWaitsUntilItIsStopped() async throws {
        let run = try await ControlledRun(users: 200)
        // Ten hours from now.
        let utc = try #require(TimeZone(identifier: "UTC"))
        let minute = Int(Date().timeIntervalSince1970 / 60) % 1_440
        func text(_ minute: Int) -> String {
            let (hours, minutes) = (minute % 1_440).quotientAndRemainder(dividingBy: 60)
            return "\(hours < 10 ? "0" : "")\(hours):\(minutes < 10 ? "0" : "")\(minutes)"
        }
        let window = try #require(TimeWindow("\(text(minute + 600))-\(text(minute + 660))", zone: utc))
        let stop = run.stop
        let signal = ScriptedSignal(
            { _ in nil },
            { _ in
                stop.request("SIGTERM")
                return nil
            }
        )
        let report = try await run.runner(RunLimits(signals: [signal], window: window)).migrate(migration)
        #expect(report?.status == .cancelled)
        #expect(run.log.texts == ["waiting: outside of \(window)"])
        #expect(try await run.events() == ["started", "waited", "stopped"])
        #expect(try await run.written() == [0, 0])
        let all = try #require(TimeWindow("00:00-24:00"))
        let second = try await Runner(run.first, limits: RunLimits(signals: [], window: all)).migrate(migration)
        #expect(second?.status == .succeeded)
        #expect(try await run.written() == [200, 0])
        await run.close()
    }

    @Test func itTakesNoMoreRowsASecondThanItMay() async throws {
        let run = try await ControlledRun(users: 300)
        let start = ContinuousClock.now
        let report = try await run.runner(RunLimits(signals: [], rowsPerSecond: 200)).migrate(
            entry(BackfillSlugs(batchSize: 1_000))
        )
        #expect(report?.status == .succeeded)
        #expect(run.log.texts == Array(repeating: "batch of 100", count: 3))
        // Two batches stand before the last one.
        #expect(start.duration(to: .now) >= .milliseconds(900))
        #expect(try await run.written() == [300, 0])
        await run.close()
    }

    @Test func whenItsTimeIsOverItStopsAsOnASignal() async throws {
        let run = try await ControlledRun(users: 200)
        let report = try await run.runner(RunLimits(signals: [], runTime: .zero)).migrate(migration)
        #expect(report?.status == .cancelled)
        #expect(run.stop.requested?.contains("--run-time") == true)
        #expect(try await run.events() == ["started", "stopped"])
        #expect(try await run.written() == [0, 0])
        #expect(try await run.other.migrate(migration)?.status == .succeeded)
        #expect(try await run.written() == [200, 0])
        await run.close()
    }
}
