import DataMigrations
import DataMigrationsTesting
import Foundation
import SQLiteDriver
import Synchronization
import Testing

@Suite struct HookTests {
    /// Takes down what it is told.
    final class Log: RunHooks {
        private let state = Mutex<[String]>([])
        /// Asked each time, before the turn is put down.
        private let ask: @Sendable () async throws -> Void

        init(_ ask: @escaping @Sendable () async throws -> Void = {}) { self.ask = ask }

        var lines: [String] { state.withLock { $0 } }

        private func add(_ line: String) async throws {
            try await ask()
            state.withLock { $0.append(line) }
        }

        func didStart(_ run: RunInfo) async throws {
            try await add("started \(run.direction.rawValue)\(run.isResumed ? " again" : "")")
        }
        func didFinish(_ run: RunReport) async throws {
            try await add("finished \(run.direction.rawValue) \(run.status.rawValue)")
        }
        func didFail(_ run: RunReport) async throws {
            try await add("failed \(run.direction.rawValue) \(run.status.rawValue): \(run.error ?? "")")
        }
        func didPause(_ run: RunReport) async throws {
            try await add("paused \(run.direction.rawValue) \(run.status.rawValue)")
        }
    }

    /// Passes on what it is told.
    struct Told: RowMigration {
        var log = Log()
        var bad: Set<Int64> = []
        var failsToVerify = false
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
        var rows: Query<User> { User.where("slug IS NULL") }
        func transform(_ user: inout User) throws {
            if bad.contains(user.id) { throw BadUser() }
            user.slug = "done"
        }
        func verify(_ database: any DatabaseAccess) async throws { if failsToVerify { throw BadUser() } }
        func didStart(_ run: RunInfo) async throws { try await log.didStart(run) }
        func didFinish(_ run: RunReport) async throws { try await log.didFinish(run) }
        func didFail(_ run: RunReport) async throws { try await log.didFail(run) }
        func didPause(_ run: RunReport) async throws { try await log.didPause(run) }
    }

    private func database() async throws -> TestDatabase {
        let database = try await TestDatabase()
        try await makeUsers(50, in: database)
        return database
    }

    @Test func theMigrationAndTheProgramAreToldOfStartAndEndOnce() async throws {
        let database = try await database()
        let (migration, all) = (Told(), Log())
        let runner = Runner(database.connection, hooks: [all])
        _ = try await runner.migrate(entry(migration))
        #expect(migration.log.lines == ["started up", "finished up succeeded"])
        #expect(all.lines == migration.log.lines)
        // Nothing is done, so nothing is told.
        #expect(try await runner.migrate(entry(migration)) == nil)
        _ = try await runner.verify(entry(migration))
        _ = try await runner.preview(entry(migration))
        #expect(all.lines.count == 2)
        _ = try await runner.rollback(entry(migration))
        #expect(all.lines.suffix(2) == ["started down", "finished down rolled_back"])
    }

    @Test func aStoppedRunIsToldAsPausedAndThenAsGoneOnWith() async throws {
        let database = try await database()
        let log = Log()
        let stop = StopSignal()
        let first = Runner(database.connection, observer: Recorder(stop: stop, after: 2), stop: stop, hooks: [log])
        _ = try await first.migrate(entry(Told()))
        #expect(log.lines == ["started up", "paused up cancelled"])
        _ = try await Runner(database.connection, hooks: [log]).migrate(entry(Told()))
        #expect(log.lines.suffix(2) == ["started up again", "finished up succeeded"])
    }

    @Test func aFailureIsToldWithItsReason() async throws {
        let database = try await database()
        let log = Log()
        let runner = Runner(database.connection, hooks: [log])
        await #expect(throws: MigrationError.self) { try await runner.migrate(entry(Told(failsToVerify: true))) }
        #expect(log.lines.count == 2)
        #expect(
            log.lines.last?.hasPrefix("failed up failed: the verification of told failed: this user is bad") == true
        )
    }

    @Test func badRowsAreAnEndAndTheirAcceptanceAnotherOne() async throws {
        let database = try await database()
        let log = Log()
        let runner = Runner(database.connection, hooks: [log])
        _ = try await runner.migrate(entry(Told(bad: [7])))
        #expect(log.lines == ["started up", "finished up quarantined"])
        _ = try await runner.migrate(entry(Told(bad: [7])))
        #expect(log.lines.count == 2)
        _ = try await runner.retry(entry(Told(bad: [7])))
        #expect(log.lines.suffix(2) == ["started up again", "finished up quarantined"])
        _ = try await runner.accept(entry(Told(bad: [7])))
        #expect(log.lines.count == 5)
        #expect(log.lines.last == "finished up succeeded")
    }

    @Test func aRollbackThatIsRefusedIsToldAndLeavesTheRunAsItWas() async throws {
        let database = try await database()
        let log = Log()
        let runner = Runner(database.connection, hooks: [log])
        _ = try await runner.migrate(entry(Told()))
        try await database.execute("UPDATE users SET slug = 'mine' WHERE id = 3")
        let error = await #expect(throws: MigrationError.self) { try await runner.rollback(entry(Told())) }
        #expect(error?.code == .conflict)
        #expect(log.lines.count == 4)
        #expect(log.lines[2] == "started down")
        #expect(log.lines[3].hasPrefix("failed down succeeded: "))
        #expect(try await database.texts("SELECT status, direction FROM data_migration_runs") == [["succeeded", "up"]])
    }

    @Test func aHookThatThrowsIsAWarningAndAnEventAndChangesNothing() async throws {
        let database = try await database()
        let messages = Messages()
        let failing = Log { throw BadUser() }
        let log = Log()
        let runner = Runner(database.connection, observer: messages, hooks: [failing, log])
        let report = try await runner.migrate(entry(Told()))
        #expect(report?.status == .succeeded)
        #expect(log.lines == ["started up", "finished up succeeded"])
        #expect(
            messages.texts == [
                "warning: the hook didStart of told failed: this user is bad",
                "warning: the hook didFinish of told failed: this user is bad",
            ]
        )
        #expect(
            try await database.texts("SELECT message FROM data_migration_events WHERE kind = 'hook_failed' ORDER BY id")
                == [["didStart of told failed: this user is bad"], ["didFinish of told failed: this user is bad"]]
        )
        #expect(try await database.texts("SELECT status, error FROM data_migration_runs") == [["succeeded", nil]])
    }

    @Test func hooksAreCalledOutsideOfTransactionsOnceTheTurnIsCommitted() async throws {
        let run = try await ControlledRun(users: 30)
        let seen = Mutex<[[String?]]>([])
        let other = run.second
        let log = Log {
            // Another session could not write in the midst of a transaction, and sees what is committed alone.
            try await other.execute("UPDATE users SET name = 'seen' WHERE id = 1")
            let rows = try await other.texts("SELECT status FROM data_migration_runs")
            seen.withLock { $0 += rows }
        }
        let runner = Runner(run.first, hooks: [log])
        _ = try await runner.migrate(entry(Told()))
        #expect(log.lines == ["started up", "finished up succeeded"])
        #expect(seen.withLock { $0 } == [["running"], ["succeeded"]])
        await run.close()
    }

    @Test func whoeverPausesAndCancelsTellsOfIt() async throws {
        let run = try await ControlledRun(users: 100)
        let (leader, other) = (Log(), Log())
        let terminal = Runner(run.second, hooks: [other])
        let migration = entry(Told())
        let signal = ScriptedSignal(
            { _ in
                try await terminal.pause(migration)
                try await terminal.resume(migration)
                try await terminal.cancel(migration)
                return nil
            }
        )
        var runner = run.runner(RunLimits(signals: [signal]))
        runner.hooks = [leader]
        let report = try await runner.migrate(migration)
        #expect(report?.status == .cancelled)
        #expect(other.lines == ["paused up paused", "started up again", "paused up cancelled"])
        #expect(leader.lines == ["started up"])
        await run.close()
    }

    @Test func aHookThatTakesLongerThanTheLeaseDoesNotLoseTheRun() async throws {
        let run = try await ControlledRun(users: 30)
        let (other, migration) = (run.second, entry(Told()))
        let ends = Mutex<Set<Int64>>([])
        let log = Log {
            // Not a fixed time: until the lease was renewed thrice, which is longer than it lasts from its first grant.
            while ends.withLock({ $0.count }) < 4 {
                let rows = try await other.query("SELECT lease_until FROM data_migration_slices WHERE lease_until > 0")
                guard let end = rows.first?[0].integer else { return }
                _ = ends.withLock { $0.insert(end) }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        let runner = Runner(run.first, leaseTime: .seconds(1), hooks: [log])
        let report = try await runner.migrate(migration)
        #expect(report?.status == .succeeded)
        #expect(ends.withLock { $0.count } >= 4)
        await run.close()
    }

    private final class Messages: ProgressObserver {
        private let state = Mutex<[String]>([])
        var texts: [String] { state.withLock { $0 } }
        func observe(_ event: ProgressEvent) {
            if case .message(let message) = event { state.withLock { $0.append(message) } }
        }
    }
}
