import Synchronization

/// Counts the messages of all connections of a proxy, and says when the fault strikes.
final class FaultTrigger: Sendable {
    private struct State {
        var fault: WireFault?
        /// How many messages of its kind there were since it was armed.
        var seen = 0
        var strikes = 0
    }

    private let state = Mutex(State())

    /// Has a fault strike once, at a message from now on; one that has not struck yet is forgotten.
    func arm(_ fault: WireFault) {
        state.withLock { state in
            state.fault = fault
            state.seen = 0
        }
    }

    /// What is to be done at a message; `nil` if it is to pass.
    func strike(_ kinds: Set<WireFault.Place>) -> WireFault.Action? {
        state.withLock { state in
            guard let fault = state.fault, kinds.contains(fault.place) else { return nil }
            state.seen += 1
            guard state.seen == fault.number else { return nil }
            state.fault = nil
            state.strikes += 1
            return fault.action
        }
    }

    /// How many faults have struck.
    var strikes: Int { state.withLock { $0.strikes } }
}
