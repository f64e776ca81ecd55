import CLibPQ
import Database
import Foundation

/// What libpq does over one socket: it sends, waits and receives, and knows nothing of statements.
///
/// In pipeline mode both sides may write at once, so the socket does not block, and what arrives is read while there is
/// something left to send.
struct Wire {
    let connection: OpaquePointer
    /// How long the server may say nothing while an answer is due; `nil` for as long as it likes.
    ///
    /// Keep-alives tell of a host that is gone, not of a proxy or a pooler that holds the connection open and forwards
    /// nothing.
    var patience: Duration?

    /// The next result, once it is there; `nil` behind the last one of a statement.
    func next() throws -> OpaquePointer? {
        try flush()
        while PQisBusy(connection) == 1 {
            try wait(for: Int16(POLLIN))
            try consume()
        }
        return PQgetResult(connection)
    }

    /// Sends what is waiting, and reads what arrives meanwhile.
    func flush() throws {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1:
                let ready = try wait(for: Int16(POLLIN | POLLOUT))
                if ready & Int16(POLLIN) != 0 { try consume() }
            default: throw PostgresFailure.lost(connection)
            }
        }
    }

    private func consume() throws {
        if PQconsumeInput(connection) == 0 { throw PostgresFailure.lost(connection) }
    }

    @discardableResult
    private func wait(for events: Int16) throws -> Int16 {
        var descriptor = pollfd(fd: PQsocket(connection), events: events, revents: 0)
        guard descriptor.fd >= 0 else { throw PostgresFailure.lost(connection) }
        let end = patience.map { ContinuousClock.now + $0 }
        while true {
            // One more than what is left, which is cut off.
            let left = end.map { Int32(clamping: Int(ContinuousClock.now.duration(to: $0) / .milliseconds(1)) + 1) }
            let ready = poll(&descriptor, 1, left.map { max(0, $0) } ?? -1)
            if ready > 0 { return descriptor.revents }
            if ready == 0, let patience { throw giveUp(after: patience) }
            guard ready == 0 || errno == EINTR else { throw PostgresFailure.lost(connection) }
        }
    }

    /// Leaves a server that does not answer: the next thing that is read is the end of the connection.
    private func giveUp(after limit: Duration) -> DatabaseError {
        shutdown(PQsocket(connection), Int32(SHUT_RDWR))
        while PQconsumeInput(connection) == 1, PQstatus(connection) != CONNECTION_BAD {}
        return PostgresFailure.silent(for: limit)
    }
}
