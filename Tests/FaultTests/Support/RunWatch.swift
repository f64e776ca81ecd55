import DataMigrations
import Synchronization

/// Does something once, at a certain batch of a run, and counts what is tried again.
final class RunWatch: ProgressObserver {
    private struct State {
        var batches = 0
        var hasBegun = false
        var retries = 0
    }

    private let batch: Int
    private let action: @Sendable () -> Void
    private let state = Mutex(State())

    /// Does something once so many batches are committed; with 0, before the first one is begun.
    init(after batch: Int, _ action: @escaping @Sendable () -> Void) {
        self.batch = batch
        self.action = action
    }

    func observe(_ event: ProgressEvent) {
        switch event {
        case .reading where batch == 0:
            // A run that begins anew by itself reads anew.
            let isFirst = state.withLock { state in
                defer { state.hasBegun = true }
                return !state.hasBegun
            }
            if isFirst { action() }
        case .batch:
            let number = state.withLock { state in
                state.batches += 1
                return state.batches
            }
            if number == batch { action() }
        case .retrying: state.withLock { $0.retries += 1 }
        default: break
        }
    }

    /// How often something was tried again.
    var retries: Int { state.withLock { $0.retries } }
}
