import Synchronization

/// Tells the rest of a server whether its data migrations are done: for a readiness probe, or for what must wait for them.
///
///     let gate = MigrationGate()
///     router.get("/ready") { _, _ in gate.isOpen ? HTTPResponse.Status.ok : .serviceUnavailable }
public final class MigrationGate: Sendable {
    /// Where the migrations stand.
    public enum State: Sendable, Hashable {
        /// They are not begun.
        case waiting
        /// The migration of this name is worked on.
        case running(String)
        /// It failed, for this reason, and is tried again after a while.
        case retrying(String)
        /// All are done.
        case open
        /// Nobody works on them any more, for this reason.
        case closed(String)
    }

    private struct Content {
        var state = State.waiting
        var last = 0
        var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]
    }

    private let content = Mutex(Content())

    /// Makes a gate that is closed.
    public init() {}

    /// Where the migrations stand.
    public var state: State { content.withLock { $0.state } }

    /// Whether all are done.
    public var isOpen: Bool { state == .open }

    /// Waits until all are done.
    ///
    /// - Throws: ``MigrationsNotDone`` if nobody works on them any more; `CancellationError` if the task is cancelled.
    public func waitUntilOpen() async throws {
        let number = content.withLock { content in
            content.last += 1
            return content.last
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = content.withLock { content in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if let outcome = content.state.outcome { return outcome }
                    content.waiters[number] = continuation
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            // Comes before the waiter is there, or takes it away: either way it is resumed once.
            let waiter = content.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Notes where the migrations stand; lets everybody in, or away, once that is settled.
    func move(to state: State) {
        let waiters = content.withLock { content -> [CheckedContinuation<Void, any Error>] in
            content.state = state
            guard state.outcome != nil else { return [] }
            defer { content.waiters = [:] }
            return Array(content.waiters.values)
        }
        guard let outcome = state.outcome else { return }
        for waiter in waiters { waiter.resume(with: outcome) }
    }
}

extension MigrationGate.State {
    /// What whoever waits is told; `nil` while there is something to wait for.
    fileprivate var outcome: Result<Void, any Error>? {
        switch self {
        case .waiting, .running, .retrying: nil
        case .open: .success(())
        case .closed(let reason): .failure(MigrationsNotDone(reason: reason))
        }
    }
}

/// The data migrations are not done, and nobody works on them.
public struct MigrationsNotDone: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why.
    public let reason: String

    /// One line: what, and why.
    public var description: String { "the data migrations are not done: \(reason)" }
}
