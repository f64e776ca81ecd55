public import Database

/// One session of SQLite, over a GRDB queue: its calls run one after another on the queue's own thread.
public final class SQLiteConnection: DatabaseConnection {
    /// How SQLite writes what differs.
    public let dialect: any Dialect
    let queue: SQLiteQueue

    /// Opens a file, or a database in memory if there is no path.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - busyTimeout: how long to wait for a lock of another process, in seconds.
    /// - Throws: ``/Database/DatabaseError``.
    public init(path: String?, busyTimeout: Double = 2) async throws {
        queue = try SQLiteQueue(path: path, busyTimeout: busyTimeout)
        dialect = SQLiteDialect(maximumBoundValues: try await queue.maximumBoundValues())
    }

    /// Runs statements in order, on the connection's thread, in one hop.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    @discardableResult
    public func run(_ statements: [Statement]) async throws -> [StatementResult] {
        try await queue.run(statements, dialect)
    }

    /// Looks a table up in SQLite's own tables.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func schema(of table: String) async throws -> TableSchema? { try await queue.schema(of: table) }

    /// Closes the file.
    public func close() async { queue.close() }
}
