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
