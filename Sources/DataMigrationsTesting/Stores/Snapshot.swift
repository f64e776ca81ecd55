import DataMigrations
import Database
import SQLiteDriver

/// All that is in a test's database at some moment, to be put back.
protocol Snapshot: Sendable {
    /// Puts the database back to that moment.
    ///
    /// - Throws: ``/Database/DatabaseError``, or ``TestDatabaseError`` where that can't be done.
    func restore() async throws

    /// Forgets it.
    func discard() async
}

extension TestDatabase {
    /// Keeps what is there now.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    func snapshot() async throws -> any Snapshot {
        if let connection = connection as? SQLiteConnection { return try await SQLiteSnapshot(connection) }
        return try await PostgresSnapshot(connection)
    }
}

/// A copy of a SQLite database, page by page, in memory.
struct SQLiteSnapshot: Snapshot {
    private let connection: SQLiteConnection
    private let copy: SQLiteConnection

    init(_ connection: SQLiteConnection) async throws {
        self.connection = connection
        copy = try await SQLiteConnection(path: nil)
        try await connection.copy(over: copy)
    }

    func restore() async throws {
        _ = try await connection.run([.rollback])
        try await copy.copy(over: connection)
    }

    func discard() async { await copy.close() }
}
