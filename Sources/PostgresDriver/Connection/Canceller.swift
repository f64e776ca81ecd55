import CLibPQ
import Dispatch
import Synchronization

/// Cancels what a session's server is doing, from another thread.
///
/// The server is asked over a connection of its own (`PQcancel`). A call ends only when no request is under way any
/// more: one that comes late would hit the next statement.
final class Canceller: Sendable {
    /// One call of ``PostgresConnection/run(_:)``.
    struct Call: Hashable, Sendable {
        fileprivate let number: Int
    }

    private struct State {
        var next = 0
        var current: Call?
    }

    private let state = Mutex(State())
    /// Held while a request is sent, and by the end of a call.
    private let handle = Mutex<Handle?>(nil)

    /// What libpq needs for a request.
    ///
    /// Unchecked: `PQcancel` may be called on any thread, and the handle is freed under the lock that it is used under.
    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    /// A new session: requests go to its server process.
    func follow(_ connection: OpaquePointer?) {
        let fresh = connection.flatMap { PQgetCancel($0) }.map { Handle(pointer: $0) }
        handle.withLock { handle in
            if let handle { PQfreeCancel(handle.pointer) }
            handle = fresh
        }
    }

    func call() -> Call {
        state.withLock { state in
            state.next += 1
            return Call(number: state.next)
        }
    }

    /// Does a call's work; while it lasts, ``cancel(_:)`` reaches the server.
    func during<T>(_ call: Call, _ work: () throws -> T) throws -> T {
        state.withLock { $0.current = call }
        defer { handle.withLock { _ in state.withLock { $0.current = nil } } }
        return try work()
    }

    /// Cancels a call, if it is the one that runs.
    func cancel(_ call: Call) {
        // A request takes a round trip; whoever cancels a task must not wait for it.
        DispatchQueue.global().async { [self] in
            handle.withLock { handle in
                guard let handle, state.withLock({ $0.current == call }) else { return }
                withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
                    _ = PQcancel(handle.pointer, buffer.baseAddress, 256)
                }
            }
        }
    }
}
