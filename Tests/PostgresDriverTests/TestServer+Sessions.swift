import Database
import PostgresDriver

extension TestServer {
    /// Opens a session.
    static func connect(_ url: String) async throws -> any DatabaseConnection { try await PostgresConnection(url) }

    /// Works with a session in a schema of a test's own, which is dropped in the end.
    static func withConnection<T>(
        _ more: String = "",
        isPooled: Bool = false,
        _ body: (_ connection: any DatabaseConnection) async throws -> T
    ) async throws -> T {
        try await withSchema(more, isPooled: isPooled) { url in
            let connection = try await connect(url)
            do {
                let result = try await body(connection)
                await connection.close()
                return result
            } catch {
                await connection.close()
                throw error
            }
        }
    }

    /// Works with a session in whose schema statements were run.
    static func withTables(
        _ statements: [SQL],
        _ body: (_ connection: any DatabaseConnection) async throws -> Void
    ) async throws {
        try await withConnection { connection in
            for statement in statements { try await connection.execute(statement) }
            try await body(connection)
        }
    }
}

extension DatabaseConnection {
    /// The number of the server process behind the session.
    func backend() async throws -> Int64 { try await query("SELECT pg_backend_pid()")[0][0].integer ?? 0 }

    /// The schema in which the session makes its tables.
    func schemaName() async throws -> String { try await query("SELECT current_schema()")[0][0].text ?? "" }

    /// Ends the server process of another session, and waits until it is gone.
    func terminate(_ backend: Int64) async throws {
        _ = try await query("SELECT pg_terminate_backend(\(backend))")
        try await waitUntil("NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = \(backend))")
    }

    /// Asks again and again until a condition is true; gives up after a minute.
    func waitUntil(_ condition: SQL) async throws {
        let start = ContinuousClock.now
        while try await query("SELECT 1 AS found WHERE \(condition)").isEmpty {
            guard start.duration(to: .now) < .seconds(60) else { throw NeverTrue(condition: condition) }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

/// What a test waited for did not happen.
struct NeverTrue: Error {
    var condition: SQL
}
