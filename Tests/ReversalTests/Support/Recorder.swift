import DataMigrations
import Synchronization

/// Counts batches, and stops a run after some.
final class Recorder: ProgressObserver {
    private let seen = Mutex(0)
    private let stop: StopSignal?
    private let batches: Int

    /// Asks `stop` to stop after so many batches.
    init(stop: StopSignal? = nil, after batches: Int = .max) {
        self.stop = stop
        self.batches = batches
    }

    func observe(_ event: ProgressEvent) {
        guard case .batch = event else { return }
        let count = seen.withLock { seen in
            seen += 1
            return seen
        }
        if count >= batches { stop?.request("test") }
    }

    /// How many batches were committed.
    var count: Int { seen.withLock { $0 } }
}
