import DataMigrations
import Synchronization

/// Stops a run after some batches, and remembers the first row that it put aside.
final class KeyWatch: ProgressObserver {
    private struct State {
        var batches = 0
        var fault: String?
    }

    let stop = StopSignal()
    private let limit: Int
    private let state = Mutex(State())

    init(stoppingAfter batches: Int?) { limit = batches ?? .max }

    /// Why a row was put aside, and which; `nil` if none was.
    var fault: String? { state.withLock { $0.fault } }

    func observe(_ event: ProgressEvent) {
        guard case .batch(let progress) = event else { return }
        let count = state.withLock { state in
            state.batches += 1
            if state.fault == nil, let row = progress.quarantined.first {
                state.fault = "\(row.locator) was put aside: \(row.error)"
            }
            return state.batches
        }
        if count >= limit { stop.request("test") }
    }
}
