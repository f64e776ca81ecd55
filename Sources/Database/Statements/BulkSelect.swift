/// Many rows to read, found by their keys.
///
///     SELECT "id", "slug" FROM "users" WHERE "id" = ?
public struct BulkSelect: Sendable {
    /// The table.
    public var table: String
    /// The columns that find a row.
    public var keyColumns: [String]
    /// The keys, row after row: `keyColumns.count` values for each.
    public var keys: [Value]
    /// What is read of a row: columns, or expressions of them.
    public var selection: [SQL]
    /// Whether nobody else may change the rows until the transaction ends.
    public var locks: Bool

    /// Makes a query.
    public init(from table: String, keyColumns: [String], keys: [Value], selection: [SQL], locks: Bool = false) {
        self.table = table
        self.keyColumns = keyColumns
        self.keys = keys
        self.selection = selection
        self.locks = locks
    }

    /// The number of keys.
    public var count: Int { keyColumns.isEmpty ? 0 : keys.count / keyColumns.count }
}
