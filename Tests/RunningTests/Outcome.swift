import DataMigrations
import Synchronization

/// What comes of a run that somebody starts beside another one.
final class Outcome: Sendable {
    private let task = Mutex<Task<RunReport?, any Error>?>(nil)

    /// Starts it.
    func start(_ run: @escaping @Sendable () async throws -> RunReport?) {
        task.withLock { $0 = Task { try await run() } }
    }

    /// How it ended, once it has.
    var value: RunReport? {
        get async throws { try await task.withLock { $0 }?.value }
    }
}
