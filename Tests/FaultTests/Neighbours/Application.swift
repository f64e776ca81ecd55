import CLibPQ
import Synchronization

/// A session of an application on PostgreSQL, for code that can't wait: a migration's `transform`, or an observer of a
/// run.
///
/// Each call blocks its thread.
final class Application: Sendable {
    private let session: Mutex<OpaquePointer?>

    /// Opens a session that finds its tables in a schema.
    init(_ server: PostgresServer, schema: String) throws {
        session = Mutex(PQconnectdb(server.url))
        try run("SET lock_timeout = '20s'")
        try run("SET search_path = \(schema)")
    }

    deinit { session.withLock { PQfinish($0) } }

    /// Runs one statement, or several as one transaction.
    func run(_ sql: String) throws {
        let problem: String? = session.withLock { session in
            let result = PQexec(session, sql)
            defer { PQclear(result) }
            let isDone = [PGRES_TUPLES_OK, PGRES_COMMAND_OK].contains(PQresultStatus(result))
            return isDone ? nil : String(cString: PQerrorMessage(session))
        }
        if let problem { throw Refused(description: "\(sql): \(problem)") }
    }

    private struct Refused: Error, CustomStringConvertible {
        let description: String
    }
}
