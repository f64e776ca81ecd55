import Database

/// An update whose values are written as the arrays that are sent.
struct EncodedUpdate: Sendable {
    /// The update without its rows.
    let head: BulkUpdate
    let table: TableColumns
    /// The keys, the versions if there are any, and the values.
    let arrays: BulkColumns
    let count: Int
    /// The least and the greatest key, where that can be told without the database.
    private let bounds: (least: Int64, most: Int64)?

    /// - Throws: ``/Database/DatabaseError`` if there is no such column.
    init(_ update: BulkUpdate, _ table: TableColumns) throws {
        var arrays = BulkColumns()
        arrays.append(
            update.keys,
            width: update.keyColumns.count,
            types: try update.keyColumns.map { try table.key($0, of: update.table) }
        )
        if let version = update.version {
            arrays.append(update.versions, width: 1, types: [try table.key(version, of: update.table)])
        }
        arrays.append(
            update.values,
            width: update.columns.count,
            types: try update.columns.map { try table.column($0, of: update.table) }
        )
        var head = update
        (head.keys, head.values, head.versions) = ([], [], [])
        self.head = head
        self.table = table
        self.arrays = arrays
        count = update.count
        bounds = KeyRange.integers(update.keys, width: update.keyColumns.count)
    }

    /// The columns that find a row.
    var finders: [String] { head.keyColumns + (head.version.map { [$0] } ?? []) }

    /// The place of the first new value among the arrays.
    var firstValue: Int { finders.count }

    func range(column: String) -> KeyRange {
        KeyRange(bounds, column: column, array: arrays.columns[0], next: arrays.count + 1)
    }
}
