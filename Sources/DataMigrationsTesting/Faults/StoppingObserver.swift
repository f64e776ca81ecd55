import DataMigrations
import Synchronization

/// Asks a run to stop behind a batch.
final class StoppingObserver: ProgressObserver {
    private let stop: StopSignal
    private let most: Int
    private let count = Mutex(0)

    /// Stops behind so many batches.
    init(_ stop: StopSignal, after most: Int) {
        self.stop = stop
        self.most = most
    }

    func observe(_ event: ProgressEvent) {
        guard case .batch = event else { return }
        let isLast = count.withLock { count in
            count += 1
            return count >= most
        }
        if isLast { stop.request("a test") }
    }
}
