public import Database

/// A query of the user's own: any number that grows with the load, 1 being the limit; or a truth value.
public struct LoadQuery: LoadSignal {
    private let sql: String

    /// Makes a signal.
    ///
    /// - Parameter sql: a query; the first field of its first row counts.
    public init(_ sql: String) { self.sql = sql }

    /// `query`.
    public var name: String { "query" }

    /// Asks the database.
    ///
    /// - Throws: ``/Database/DatabaseError``; also if it gives neither a number nor a truth value.
    public func read(_ connection: any DatabaseConnection, table: String?) async throws -> Load? {
        guard let value = try await connection.query(SQL(raw: sql)).first?[0].number, !value.isNaN
        else {
            throw NoNumber()
        }
        return Load(utilisation: value, reason: "the query of --throttle-query says \(value)")
    }

    private struct NoNumber: Error, CustomStringConvertible {
        var description: String { "it gave neither a number nor a truth value" }
    }
}
