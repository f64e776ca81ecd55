/// New values for columns of many rows, found by their keys.
///
///     UPDATE users SET slug = ? WHERE id = ?
public struct BulkUpdate: Sendable {
    /// The table.
    public var table: String
    /// The columns that find a row.
    public var keyColumns: [String]
    /// The columns that change.
    public var columns: [String]
    /// The keys, row after row: `keyColumns.count` values for each, in the order of the key.
    public var keys: [Value]
    /// The new values, row after row: `columns.count` for each.
    public var values: [Value]
    /// The column that must hold what ``versions`` says, ``TableSchema/rowVersion``: a row that somebody else changed
    /// since it was read is not found then, and not counted.
    public var version: String?
    /// What ``version`` held when the row was read, one for each row.
    public var versions: [Value] = []

    /// Makes an update.
    public init(_ table: String, keyColumns: [String], columns: [String], keys: [Value] = [], values: [Value] = []) {
        self.table = table
        self.keyColumns = keyColumns
        self.columns = columns
        self.keys = keys
        self.values = values
    }

    /// The number of rows.
    public var count: Int { keyColumns.isEmpty ? 0 : keys.count / keyColumns.count }
}
