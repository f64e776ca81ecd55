/// What differs in the SQL of the databases, as far as azu's own statements need it.
public protocol Dialect: Sendable {
    /// The database's name as a person writes it: `SQLite`.
    var name: String { get }

    /// The placeholder of the `position`th bound value, counted from 1.
    func placeholder(_ position: Int) -> String

    /// A name quoted, so that it can be a keyword or hold any character.
    func quoted(_ identifier: String) -> String

    /// The definition of a key column that numbers its rows itself.
    var generatedKeyDefinition: String { get }

    /// Milliseconds since 1970 by the database's clock, as an integer expression.
    var currentMilliseconds: String { get }

    /// The most values that one statement binds.
    var maximumBoundValues: Int { get }

    /// Whether `IN` with a list is written `= ANY ($1)`, with the list bound as one array: the statement is then the same
    /// however long the list is.
    var bindsListsAsArrays: Bool { get }

    /// What makes a transaction wait until no other one that asked for the same lock is open: a statement, where beginning
    /// a transaction does not keep others out by itself.
    func exclusion(_ name: String) -> SQL?

    /// A 64-bit hash of a row: the same for the same values, whatever row they are in.
    ///
    /// - Parameter columns: expressions of which the row is made.
    /// - Returns: an expression whose value is an integer of 64 bits, with a sign.
    func rowHash(_ columns: [SQL]) -> SQL

    /// A 64-bit hash that tells whether a row was changed since: cheaper than ``rowHash(_:)``, and not to be summed up.
    ///
    /// - Parameters:
    ///   - columns: expressions of which the row is made.
    ///   - types: their types, ``TableSchema/Column/type``.
    /// - Returns: an expression whose value is an integer of 64 bits, with a sign.
    func changeHash(_ columns: [SQL], types: [String]) -> SQL

    /// A condition that holds if a column stores exactly what it would store of a value, NULL included.
    ///
    /// - Parameters:
    ///   - column: the column.
    ///   - value: the value, as it was written.
    ///   - type: the column's type, ``TableSchema/Column/type``.
    /// - Returns: the condition.
    func stores(_ column: SQL, _ value: Value, type: String) -> SQL

    /// The type to which a bound value is cast, so that the database knows it wherever it stands; `nil` where the database
    /// needs none.
    func type(ofBound value: Value) -> String?

    /// The type of a column of bytes.
    var bytesType: String { get }

    /// Has the values of a column stored as they are, where the database would try to compress them; `nil` where it does
    /// not.
    func uncompressed(_ column: String, of table: String) -> SQL?

    /// What has a transaction check foreign keys at its end, rather than row by row; `nil` where a statement is checked as
    /// a whole.
    var deferringForeignKeys: SQL? { get }

    /// What shows how the database would run a query: a query whose rows are lines of text.
    func explanation(of query: SQL) -> SQL

    /// Reads such a line.
    func planStep(_ line: String) -> PlanStep?

    /// The tables that this transaction has locked, and how: a query of two columns; `nil` where there is one lock for all.
    var heldLocks: SQL? { get }

    /// How many bytes the database has written to its log so far, as a query of one row; `nil` where that can't be known.
    var writtenBytes: SQL? { get }

    /// What tells how busy the database is.
    ///
    /// - Parameters:
    ///   - measure: what is measured.
    ///   - table: the table that it is about, where it is about one.
    /// - Returns: a query of at most one row, with a number in the unit of ``LoadMeasure``, or NULL where the role may not
    ///   see it; `nil` where there is nothing to measure.
    func load(_ measure: LoadMeasure, of table: String?) -> SQL?

    /// What lists all that the schema is made of: a query of two columns, what a thing is called and how it is defined; `nil`
    /// where that can't be listed.
    var schemaListing: SQL? { get }

    /// What lists the indexes that are not used since making them was broken off: a query of one column, their names as they
    /// are written in SQL; `nil` where there is no such index.
    var unfinishedIndexes: SQL? { get }

    /// How many sessions other than those with this one's application name were at work in the last second: a query of
    /// one row; `nil` where that can't be known.
    var othersAtWork: SQL? { get }

    /// A statement that leaves nothing, and whose commit waits for the database's log as those of applications do: how
    /// long it takes is what they have to wait. `nil` where there is none.
    var answerProbe: SQL? { get }

    /// A condition that rows meet which this transaction has written; `nil` where that can't be told.
    var ownRows: SQL? { get }

    /// What stands behind a SELECT whose rows nobody else may change until the transaction ends; `nil` where the
    /// transaction itself keeps others out.
    var rowLock: String? { get }
}

extension Dialect {
    /// None is needed.
    public func type(ofBound value: Value) -> String? { nil }

    /// No: each value of a list is bound by itself.
    public var bindsListsAsArrays: Bool { false }

    /// It can't be listed.
    public var schemaListing: SQL? { nil }

    /// There is none.
    public var unfinishedIndexes: SQL? { nil }

    /// It can't be told.
    public var ownRows: SQL? { nil }

    /// There is nothing to measure.
    public func load(_ measure: LoadMeasure, of table: String?) -> SQL? { nil }

    /// It can't be known.
    public var othersAtWork: SQL? { nil }

    /// There is none.
    public var answerProbe: SQL? { nil }

    /// `BLOB`.
    public var bytesType: String { "BLOB" }

    /// One lock for all.
    public var heldLocks: SQL? { nil }

    /// They are checked statement by statement.
    public var deferringForeignKeys: SQL? { nil }

    /// It can't be known.
    public var writtenBytes: SQL? { nil }

    /// ``rowHash(_:)``.
    public func changeHash(_ columns: [SQL], types: [String]) -> SQL { rowHash(columns) }

    /// It compresses nothing.
    public func uncompressed(_ column: String, of table: String) -> SQL? { nil }

    /// None is needed.
    public func exclusion(_ name: String) -> SQL? { nil }

    /// None.
    public var rowLock: String? { nil }

    /// Double quotes, as in the standard; a dotted name is quoted in its parts.
    public func quoted(_ identifier: String) -> String {
        identifier.split(separator: ".", omittingEmptySubsequences: false)
            .map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
            .joined(separator: ".")
    }
}
