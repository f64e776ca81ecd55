import DataMigrations
import Database
import Foundation
import SQLiteDriver
import Synchronization

/// A signal that does something each time that it is asked: before the first batch, and then about once a second, always
/// between two batches.
///
/// What is done there is done at a known place, without a test that sleeps.
final class ScriptedSignal: LoadSignal {
    typealias Step = @Sendable (_ connection: any DatabaseConnection) async throws -> Double?

    let name = "script"
    private let steps: [Step]
    private let asked = Mutex(0)

    /// - Parameter steps: what is done the first time, the second time, and so on; nothing, after the last one.
    init(_ steps: Step...) { self.steps = steps }

    /// How often it was asked.
    var count: Int { asked.withLock { $0 } }

    func read(_ connection: any DatabaseConnection, table: String?) async throws -> Load? {
        let number = asked.withLock { asked in
            defer { asked += 1 }
            return asked
        }
        guard number < steps.count, let used = try await steps[number](connection) else { return nil }
        return Load(utilisation: used, reason: "the test is busy")
    }
}

/// What a run tells, in words.
final class EventLog: ProgressObserver {
    private let state = Mutex<[String]>([])

    func observe(_ event: ProgressEvent) {
        let text: String? =
            switch event {
            case .batch(let batch): "batch of \(batch.counters.visited)"
            case .waiting(let reason): reason.map { "waiting: \($0)" } ?? "going on"
            case .throttled(let state): state.map { "slower: \($0.reason)" } ?? "at full speed"
            default: nil
            }
        if let text { state.withLock { $0.append(text) } }
    }

    var texts: [String] { state.withLock { $0 } }
    var batches: [String] { texts.filter { $0.hasPrefix("batch") } }
}

/// A file of SQLite with users: a runner that works on it, and another one at another terminal.
struct ControlledRun {
    let file: TemporaryFile
    let first: SQLiteConnection
    let second: SQLiteConnection
    let log = EventLog()
    let stop = StopSignal()

    init(users: Int) async throws {
        file = try TemporaryFile("")
        first = try await SQLiteConnection(path: file.path)
        try await makeUsers(users, in: first)
        second = try await SQLiteConnection(path: file.path)
    }

    /// The terminal beside the one where the run goes on.
    var other: Runner { Runner(second) }

    func runner(_ limits: RunLimits) -> Runner {
        Runner(first, observer: log, stop: stop, limits: limits, leaseTime: .seconds(3_600))
    }

    /// Takes the migration through its rows under a signal.
    func migrate(_ migration: MigrationPlan.Entry, under signal: any LoadSignal) async throws -> RunReport? {
        try await runner(RunLimits(signals: [signal])).migrate(migration)
    }

    /// How many users were written, and how many of them more than once.
    func written() async throws -> [Int] {
        [
            try await second.number("SELECT count(*) FROM users WHERE writes > 0"),
            try await second.number("SELECT count(*) FROM users WHERE writes > 1"),
        ]
    }

    func events() async throws -> [String] {
        try await second.texts("SELECT kind FROM data_migration_events ORDER BY id").compactMap { $0[0] }
    }

    func status() async throws -> [String] {
        try await second.texts("SELECT status FROM data_migration_runs ORDER BY id").compactMap { $0[0] }
    }

    func close() async {
        await first.close()
        await second.close()
        withExtendedLifetime(file) {}
    }
}
