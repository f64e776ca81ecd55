import CLibPQ
import Foundation
import Testing

/// What other sessions do, for code that can't wait: a migration's `transform`, or an observer of a run.
///
/// Each call opens a session of its own and blocks its thread.
enum Blocking {
    /// Runs SQL on the test server and returns the rows of the last statement, in text.
    @discardableResult
    static func run(_ sql: String) -> [[String]] {
        guard let url = TestServer.url else { return [] }
        let connection = PQconnectdb(url)
        defer { PQfinish(connection) }
        let result = PQexec(connection, "SET lock_timeout = '60s'; \(sql)")
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK else {
            Issue.record("\(sql): \(String(cString: PQerrorMessage(connection)))")
            return []
        }
        return (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { String(cString: PQgetvalue(result, row, $0)) }
        }
    }

    /// Ends those sessions of an application that a condition on `pg_stat_activity` is true for, and returns how many
    /// there were, once they are gone.
    @discardableResult
    static func end(_ application: String, where condition: String = "true") -> Int {
        let found = run(
            "SELECT pid FROM pg_stat_activity WHERE application_name = '\(application)' AND \(condition)"
        )
        let pids = found.map { $0[0] }.joined(separator: ", ")
        guard !pids.isEmpty else { return 0 }
        run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN (\(pids))")
        for _ in 0..<5_000 {
            if run("SELECT pid FROM pg_stat_activity WHERE pid IN (\(pids))").isEmpty { break }
            usleep(2_000)
        }
        return found.count
    }
}
