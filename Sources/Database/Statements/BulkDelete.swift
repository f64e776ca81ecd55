/// Many rows to delete, found by their keys.
///
///     DELETE FROM orders WHERE id = ?
public struct BulkDelete: Sendable {
    /// The table.
    public var table: String
    /// The columns that find a row.
    public var keyColumns: [String]
    /// The keys, row after row: `keyColumns.count` values for each.
    public var keys: [Value]
    /// The columns that must come back of each row that is deleted; none if empty.
    public var returning: [String]

    /// Makes a delete.
    public init(from table: String, keyColumns: [String], keys: [Value], returning: [String] = []) {
        self.table = table
        self.keyColumns = keyColumns
        self.keys = keys
        self.returning = returning
    }

    /// The number of rows.
    public var count: Int { keyColumns.isEmpty ? 0 : keys.count / keyColumns.count }
}
