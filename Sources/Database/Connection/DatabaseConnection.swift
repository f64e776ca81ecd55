/// Something through which models are read and written: a connection, or a batch or a migration that holds one and
/// also counts what is done.
public protocol DatabaseAccess: Sendable {
    /// The connection that does the work.
    var connection: any DatabaseConnection { get }
}

/// The contract of a driver: one session of a database.
///
/// A connection does one thing after another. It keeps blocking calls off Swift's cooperative threads, so each call
/// hops to a thread of its own and back (tens of microseconds): hand over whole batches.
///
/// A driver proves itself with the `DriverCompliance` suite of `DataMigrationsTesting`.
public protocol DatabaseConnection: DatabaseAccess {
    /// How this database writes what differs.
    var dialect: any Dialect { get }

    /// Runs statements in order, in as few round trips as the database can.
    ///
    /// The first one that fails ends the list: nothing behind it is run, and what ran before it stays (a transaction
    /// stays open).
    ///
    /// - Returns: one result for each statement.
    /// - Throws: ``DatabaseError``.
    @discardableResult
    func run(_ statements: [Statement]) async throws -> [StatementResult]

    /// Brings the values of a bulk statement into the form in which they are sent, on the caller's thread, while the
    /// connection may be busy with another one. It may drop what is not needed any more then.
    func encoded(_ statement: Statement) -> Statement

    /// The SQL that a statement runs as, with placeholders for its values; `nil` for one that only frames others, as
    /// BEGIN does.
    func text(of statement: Statement) async -> String?

    /// Looks a table up; `nil` if there is none.
    ///
    /// - Throws: ``DatabaseError``.
    func schema(of table: String) async throws -> TableSchema?

    /// Opens another session of the same database; `nil` where only one at a time can write.
    ///
    /// - Throws: ``DatabaseError``.
    func another() async throws -> (any DatabaseConnection)?

    /// Ends the session. Calls after it throw.
    func close() async
}

extension DatabaseConnection {
    /// As it is.
    public func encoded(_ statement: Statement) -> Statement { statement }

    /// As databases without arrays run it: one row's values at a time.
    public func text(of statement: Statement) async -> String? { statement.text(for: dialect) }

    /// There is one session at a time.
    public func another() async throws -> (any DatabaseConnection)? { nil }

    /// The connection itself.
    public var connection: any DatabaseConnection { self }

    /// Runs one statement and returns how many rows it changed.
    ///
    /// - Throws: ``DatabaseError``.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        try await run([.execute(sql)])[0].changes
    }

    /// Runs one query.
    ///
    /// - Throws: ``DatabaseError``.
    public func query(_ sql: SQL) async throws -> Rows {
        try await run([.query(sql)])[0].rows ?? Rows(columns: [])
    }

    /// Runs one query that may read a whole table, and takes the time that it takes.
    ///
    /// - Throws: ``DatabaseError``.
    public func queryUnhurried(_ sql: SQL) async throws -> Rows {
        try await run([.unhurried(sql)])[0].rows ?? Rows(columns: [])
    }
}
