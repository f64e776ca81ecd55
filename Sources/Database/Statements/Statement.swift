/// One step of what a connection is asked to do.
///
/// Several are handed over at once, see ``DatabaseConnection/run(_:)``.
public struct Statement: Sendable {
    /// What is to be done.
    public enum Action: Sendable {
        /// Runs SQL and counts the rows it changed.
        case execute(SQL)
        /// Runs SQL and returns its rows.
        case query(SQL)
        /// Starts a transaction that may write: SQLite's `BEGIN IMMEDIATE`.
        case begin
        /// Ends the transaction and keeps its changes.
        case commit
        /// Ends the transaction and drops its changes. Does nothing where none is open.
        case rollback
        /// Starts a nested transaction.
        case savepoint(String)
        /// Ends a nested transaction and keeps its changes, unless a deferred constraint is broken by then.
        case release(String)
        /// Drops the changes of a nested transaction, and ends it.
        case rollbackTo(String)
        /// Writes new rows.
        case insert(BulkInsert)
        /// Changes rows by their keys.
        case update(BulkUpdate)
        /// Deletes rows by their keys.
        case delete(BulkDelete)
        /// Reads rows by their keys: those that there are, in any order; a row whose key is given twice may come twice.
        case select(BulkSelect)
        /// Raises the violations of deferred constraints now, rather than at COMMIT.
        case checkConstraints
    }

    /// What is to be done.
    public var action: Action

    /// How many rows must be changed.
    ///
    /// Otherwise the connection throws ``DatabaseError/Code/guardFailed``, before anything that stands behind in the
    /// same list is run.
    public var expectedChanges: Int?

    /// After how many bytes a query stops to read: behind the row that reaches it.
    ///
    /// `nil` reads all rows.
    public var maximumBytes: Int?

    /// Whether a query may take for as long as it likes, where a limit holds for the others: it reads a whole table, and
    /// keeps nobody out.
    public var isUnhurried = false

    /// Whether SQL is planned for the values at hand, each time that it is run: a plan for any values is a bad one where
    /// a list of them is bound, long or short.
    public var isPlannedAnew = false

    /// Whether a query is run outside of every transaction, also of one that a driver would begin for its own settings; it
    /// may take for as long as it likes.
    ///
    /// A transaction that is open stays so: SQL of one's own may have begun it.
    public var isAlone = false

    /// Whether a query that is run alone waits for locks for as long as it takes, where a limit holds for the others.
    public var waitsForLocks = false

    /// What the connection made of the values ahead of time, see ``DatabaseConnection/encoded(_:)``.
    public var encoded: (any Sendable)?

    /// Makes a statement.
    public init(_ action: Action, expectedChanges: Int? = nil, maximumBytes: Int? = nil) {
        self.action = action
        self.expectedChanges = expectedChanges
        self.maximumBytes = maximumBytes
    }
}

extension Statement {
    /// Runs SQL and counts the rows it changed.
    public static func execute(_ sql: SQL, expectedChanges: Int? = nil) -> Statement {
        Statement(.execute(sql), expectedChanges: expectedChanges)
    }

    /// Runs SQL and returns its rows.
    public static func query(_ sql: SQL, maximumBytes: Int? = nil) -> Statement {
        Statement(.query(sql), maximumBytes: maximumBytes)
    }

    /// Runs SQL that may read a whole table.
    public static func unhurried(_ sql: SQL) -> Statement {
        var statement = Statement.query(sql)
        statement.isUnhurried = true
        return statement
    }

    /// Runs SQL outside of every transaction.
    ///
    /// - Parameters:
    ///   - sql: the SQL.
    ///   - waitsForLocks: whether it waits for locks for as long as it takes.
    /// - Returns: the statement.
    public static func alone(_ sql: SQL, waitsForLocks: Bool = false) -> Statement {
        var statement = Statement.query(sql)
        statement.isAlone = true
        statement.waitsForLocks = waitsForLocks
        return statement
    }

    /// Starts a transaction that may write.
    public static let begin = Statement(.begin)
    /// Ends the transaction and keeps its changes.
    public static let commit = Statement(.commit)
    /// Ends the transaction and drops its changes.
    public static let rollback = Statement(.rollback)
    /// Raises the violations of deferred constraints now.
    public static let checkConstraints = Statement(.checkConstraints)
    /// Starts a nested transaction.
    public static func savepoint(_ name: String) -> Statement { Statement(.savepoint(name)) }
    /// Ends a nested transaction and keeps its changes.
    public static func release(_ name: String) -> Statement { Statement(.release(name)) }
    /// Drops the changes of a nested transaction, and ends it.
    public static func rollbackTo(_ name: String) -> Statement { Statement(.rollbackTo(name)) }
    /// Writes new rows.
    public static func insert(_ insert: BulkInsert) -> Statement { Statement(.insert(insert)) }
    /// Changes rows by their keys.
    public static func update(_ update: BulkUpdate) -> Statement { Statement(.update(update)) }
    /// Deletes rows by their keys.
    public static func delete(_ delete: BulkDelete) -> Statement { Statement(.delete(delete)) }
    /// Reads rows by their keys.
    public static func select(_ select: BulkSelect) -> Statement { Statement(.select(select)) }
}

/// What came of a ``Statement``.
public struct StatementResult: Sendable {
    /// How many rows were changed.
    public var changes: Int
    /// The rows of a query, or the keys of a ``BulkInsert`` that returns them: one row for each row given, NULL where
    /// it was skipped; or what a ``BulkDelete`` deleted, in any order, if it returns that.
    public var rows: Rows?

    /// Makes a result.
    public init(changes: Int = 0, rows: Rows? = nil) {
        self.changes = changes
        self.rows = rows
    }
}
