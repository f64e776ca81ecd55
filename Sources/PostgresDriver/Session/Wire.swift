import CLibPQ
import Database
import Foundation

/// What libpq does over one socket: it sends, waits and receives, and knows nothing of statements.
///
/// In pipeline mode both sides may write at once, so the socket does not block, and what arrives is read while there is
/// something left to send.
struct Wire {
    let connection: OpaquePointer

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
        while poll(&descriptor, 1, -1) < 0 {
            guard errno == EINTR else { throw PostgresFailure.lost(connection) }
        }
        return descriptor.revents
    }
}
