import Synchronization

/// A request to stop at the next boundary between two batches.
///
/// A flag rather than the cancellation of a task: that would interrupt a statement in the middle.
public final class StopSignal: Sendable {
    private let reason = Mutex<String?>(nil)

    /// Makes a signal that nobody has given yet.
    public init() {}

    /// Asks the run to stop.
    ///
    /// - Parameter reason: for the ledger, such as `SIGTERM`.
    public func request(_ reason: String) { self.reason.withLock { if $0 == nil { $0 = reason } } }

    /// Why it was asked to stop; `nil` if it was not.
    public var requested: String? { reason.withLock { $0 } }
}

extension Task where Success == Never, Failure == Never {
    /// Sleeps for so long, unless something ends it before, which is asked ten times a second.
    package static func sleep(for duration: Duration, unless isOver: () -> Bool) async throws {
        let end = ContinuousClock.now + duration
        while !isOver() {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { return }
            try await sleep(for: min(left, .milliseconds(100)))
        }
    }
}
