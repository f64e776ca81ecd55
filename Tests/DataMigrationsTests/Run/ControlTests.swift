import DataMigrations
import Database
import SQLiteDriver
import Testing

/// Somebody asks something of a run that goes on, from another connection.
@Suite struct ControlTests {
    private let migration = entry(BackfillSlugs())

    @Test func aRunThatIsPausedWaitsAndGoesOn() async throws {
        let run = try await ControlledRun(users: 500)
        let (other, migration) = (run.other, migration)
        let signal = ScriptedSignal(
            { _ in
                try await other.pause(migration)
                return nil
            },
            { _ in
                let live = try await other.liveRuns()
                #expect(live.map(\.status) == [.paused])
                #expect(live.first?.waiting == ["paused"])
                #expect(live.first?.counters.visited == 100)
                #expect(live.first?.processes.count == 1)
                #expect(try await other.resume(migration).isHeld, "its process is there")
                return nil
            }
        )
        #expect(try await run.migrate(migration, under: signal)?.status == .succeeded)
        let batches = Array(repeating: "batch of 100", count: 4)
        #expect(run.log.texts == ["batch of 100", "waiting: paused", "going on"] + batches)
        #expect(try await run.events() == ["started", "paused", "unpaused", "finished"])
        #expect(try await run.written() == [500, 0])
        #expect(try await other.liveRuns().isEmpty)
        await run.close()
    }

    @Test func whatIsPausedStaysSoThoughItsProcessIsStopped() async throws {
        let run = try await ControlledRun(users: 500)
        let (other, migration, stop) = (run.other, migration, run.stop)
        let signal = ScriptedSignal(
            { _ in
                try await other.pause(migration)
                return nil
            },
            { _ in
                stop.request("SIGTERM")
                return nil
            }
        )
        #expect(try await run.migrate(migration, under: signal)?.status == .paused)
        #expect(try await run.events() == ["started", "paused", "stopped"])
        #expect(try await run.written() == [100, 0])

        let again = try #require(try await other.migrate(migration))
        #expect(again.status == .paused)
        #expect(!again.didWork)
        #expect(try await run.written() == [100, 0])

        #expect(try await !other.resume(migration).isHeld, "nobody is there to go on with it")
        #expect(try await run.status() == ["running"])
        #expect(try await other.migrate(migration)?.status == .succeeded)
        #expect(try await run.written() == [500, 0])
        await run.close()
    }

    @Test func aRunThatIsCancelledEndsAndCanBeGoneOnWith() async throws {
        let run = try await ControlledRun(users: 500)
        let (other, migration) = (run.other, migration)
        let signal = ScriptedSignal({ _ in
            try await other.cancel(migration)
            return nil
        })
        #expect(try await run.migrate(migration, under: signal)?.status == .cancelled)
        #expect(run.stop.requested == nil)
        #expect(try await run.events() == ["started", "cancelled", "stopped"])
        #expect(try await run.written() == [100, 0])
        let error = await #expect(throws: MigrationError.self) { try await other.cancel(migration) }
        #expect(error?.description.contains("cancelled") == true)
        #expect(try await other.migrate(migration)?.status == .succeeded)
        #expect(try await run.written() == [500, 0])
        await run.close()
    }

    @Test func aPausedRunCanBeCancelled() async throws {
        let run = try await ControlledRun(users: 300)
        let (other, migration) = (run.other, migration)
        let signal = ScriptedSignal(
            { _ in
                try await other.pause(migration)
                return nil
            },
            { _ in
                try await other.cancel(migration)
                return nil
            }
        )
        #expect(try await run.migrate(migration, under: signal)?.status == .cancelled)
        #expect(try await run.status() == ["cancelled"])
        #expect(try await run.written() == [100, 0])
        await run.close()
    }

    @Test func aBatchSizeThatIsSetHoldsFromTheNextBatchOn() async throws {
        let run = try await ControlledRun(users: 300)
        let (other, migration) = (run.other, migration)
        let signal = ScriptedSignal({ _ in
            try await #expect(other.set(["batch-size=7"], for: migration).batchSize == 7)
            return nil
        })
        #expect(try await run.migrate(migration, under: signal)?.status == .succeeded)
        #expect(run.log.texts == ["batch of 100"] + Array(repeating: "batch of 7", count: 28) + ["batch of 4"])
        #expect(try await run.written() == [300, 0])
        let settings = try await run.second.texts("SELECT settings FROM data_migration_runs")
        #expect(settings == [["{\"batchSize\":7}"]])
        await run.close()
    }

    @Test func aSettingOutlivesTheProcessAndAutoPutsItBack() async throws {
        let run = try await ControlledRun(users: 300)
        let (other, migration) = (run.other, migration)
        let stop = StopSignal()
        _ = try await Runner(run.first, observer: Recorder(stop: stop, after: 1), stop: stop).migrate(migration)
        try await other.set(["batch-size=50", "workers=3"], for: migration)
        let signal = ScriptedSignal({ _ in
            try await other.set(["batch-size=auto"], for: migration)
            return nil
        })
        #expect(try await run.migrate(migration, under: signal)?.status == .succeeded)
        #expect(run.log.texts == ["batch of 50", "batch of 100", "batch of 50"])
        #expect(try await run.written() == [300, 0])
        await run.close()
    }

    @Test func whatDoesNotGoOnIsRefused() async throws {
        let run = try await ControlledRun(users: 100)
        let (other, migration) = (run.other, migration)
        @Sendable func expectRefusal(_ part: String, _ body: @Sendable () async throws -> Void) async {
            let error = await #expect(throws: MigrationError.self) { try await body() }
            #expect(error?.code == .state)
            #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
        }
        await expectRefusal("was never run") { try await other.pause(migration) }
        #expect(try await run.second.schema(of: "data_migration_runs") == nil, "nothing is made for that")
        let signal = ScriptedSignal({ _ in
            await expectRefusal("is running") { try await other.resume(migration) }
            await expectRefusal("is no setting") { try await other.set(["batch-size=7", "size=1"], for: migration) }
            return nil
        })
        #expect(try await run.migrate(migration, under: signal)?.status == .succeeded)
        #expect(run.log.texts == ["batch of 100"])
        await expectRefusal("is succeeded") { try await other.pause(migration) }
        await expectRefusal("is succeeded") { try await other.resume(migration) }
        await expectRefusal("is succeeded") { try await other.cancel(migration) }
        await expectRefusal("is succeeded") { try await other.set(["batch-size=7"], for: migration) }
        #expect(try await run.second.texts("SELECT settings FROM data_migration_runs") == [[nil]])
        #expect(try await run.events() == ["started", "finished"])
        await run.close()
    }

    @Test func aRollbackCanBePausedButNotGivenUp() async throws {
        let run = try await ControlledRun(users: 500)
        let (other, migration) = (run.other, migration)
        _ = try await Runner(run.first).migrate(migration)
        let signal = ScriptedSignal(
            { _ in
                let error = await #expect(throws: MigrationError.self) { try await other.cancel(migration) }
                #expect(error?.description.contains("not given up half-way") == true)
                try await other.pause(migration)
                return nil
            },
            { _ in
                try await #expect(other.liveRuns().map(\.status) == [.paused])
                let error = await #expect(throws: MigrationError.self) { try await other.cancel(migration) }
                #expect(error?.description.contains("not given up half-way") == true)
                try await #expect(other.resume(migration).isHeld)
                return nil
            }
        )
        let report = try await run.runner(RunLimits(signals: [signal])).rollback(migration)
        #expect(report.status == .rolledBack)
        #expect(run.log.texts.prefix(3) == ["batch of 100", "waiting: paused", "going on"])
        #expect(try await run.second.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 0)
        #expect(try await run.events().suffix(3) == ["paused", "unpaused", "rolled_back"])
        let error = await #expect(throws: MigrationError.self) { try await other.cancel(migration) }
        #expect(error?.description.contains("is rolled_back") == true)
        await run.close()
    }
}
