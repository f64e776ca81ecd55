import Database

/// Something that a batch did to rows of one table.
enum JournalChange: Sendable {
    /// Rows that were changed in place.
    case updated(UpdatedRows)
    /// Rows that were inserted.
    case inserted(InsertedRows)
    /// Rows that were deleted.
    case deleted(DeletedRows)

    /// The table.
    var table: String {
        switch self {
        case .updated(let rows): rows.table
        case .inserted(let rows): rows.table
        case .deleted(let rows): rows.table
        }
    }

    /// The keys of the rows.
    var keys: ValueTable {
        switch self {
        case .updated(let rows): rows.keys
        case .inserted(let rows): rows.keys
        case .deleted(let rows): rows.keys
        }
    }

    /// How many rows it is about.
    var count: Int {
        switch self {
        case .updated(let rows): rows.keys.count
        case .inserted(let rows): rows.keys.count
        case .deleted(let rows): rows.rows.count
        }
    }
}

/// Rows that were changed in place: some of their columns, before and after.
struct UpdatedRows: Sendable {
    let table: String
    let keys: ValueTable
    /// As the database stored them.
    let before: ValueTable
    /// As they were written: the database may store a value in another form.
    let after: ValueTable
}

/// Rows that were inserted.
struct InsertedRows: Sendable {
    let table: String
    let keys: ValueTable
    /// The columns that the hashes are of.
    let columns: [String]
    /// For each row, ``/Database/Dialect/changeHash(_:types:)`` of the row as it was stored.
    let hashes: [Int64]
}

/// Rows that were deleted, whole.
struct DeletedRows: Sendable {
    let table: String
    let keyColumns: [String]
    let rows: ValueTable

    var keys: ValueTable { rows.selecting(keyColumns) ?? ValueTable(keyColumns) }
}
