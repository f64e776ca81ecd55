/// What a database, or its driver, complains about.
///
/// ``description`` is safe to log: it holds no bound value and no password. `String(reflecting:)` also tells what the
/// database added, which may quote rows.
public struct DatabaseError: Error, Sendable {
    /// What to do about an error.
    public enum Kind: Sendable, Hashable {
        /// A row's own data is at fault; other rows can go on.
        case rowFault
        /// The same work may succeed when it is tried again.
        case retryable
        /// Neither: a person must act.
        case fatal
    }

    /// What went wrong.
    public var code: Code
    /// What to do about it.
    public var kind: Kind
    /// One line for a person, without values.
    public var message: String
    /// What the database added.
    ///
    /// May quote rows.
    public var detail: String?
    /// The statement with its placeholders.
    public var sql: String?
    /// The table and the columns of a constraint, as far as the database names them.
    public var constraint: Constraint?
    /// Which of the statements given to ``DatabaseConnection/run(_:)`` failed, counted from 0.
    public var statement: Int?

    /// A constraint that was broken.
    public struct Constraint: Sendable, Hashable {
        /// The table, where known.
        public var table: String?
        /// The columns, where known.
        public var columns: [String]

        /// Makes a constraint.
        public init(table: String?, columns: [String]) {
            self.table = table
            self.columns = columns
        }
    }

    /// Where in ``sql`` the database met it: the number of a Unicode scalar, from 1; `nil` where it does not say.
    public var position: Int?

    /// Makes an error.
    public init(
        _ code: Code,
        _ message: String,
        kind: Kind? = nil,
        detail: String? = nil,
        sql: String? = nil,
        constraint: Constraint? = nil
    ) {
        self.code = code
        self.kind = kind ?? code.usualKind
        self.message = message
        self.detail = detail
        self.sql = sql
        self.constraint = constraint
    }
}

extension DatabaseError: CustomStringConvertible, CustomDebugStringConvertible {
    /// One line without values.
    public var description: String { message }

    /// Everything that is known, values of rows included.
    public var debugDescription: String {
        "DatabaseError(\(code), \(kind)): \(message)"
            + (detail.map { "\n  detail: \($0)" } ?? "") + (sql.map { "\n  sql: \($0)" } ?? "")
    }
}
