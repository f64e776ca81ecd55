import Database

/// The rows of a batch, inside the transaction that will write it.
struct LoadedBatch<Row: Sendable>: Sendable {
    /// The rows that could be read.
    var rows: [Row]
    /// For each of `rows`, its number among the records of the batch.
    var records: [Int]
    /// The records that could not be read.
    var faults: [QuarantinedRow]
    /// How many records there are, without those that an earlier batch has dealt with.
    var visited: Int
    /// Where to go on behind this batch.
    var cursor: String
    /// How far a file is read, in bytes.
    var position: Int?
    /// The rows as the database holds them, if they came from a table.
    var table: TableRows?
    /// What a person finds a record by.
    var locator: @Sendable (_ record: Int) -> String
    /// The record as it came.
    var original: @Sendable (_ record: Int) -> String

    /// How a row is put aside.
    func quarantined(_ index: Int, error: any Error) -> QuarantinedRow {
        let record = records[index]
        return QuarantinedRow(locator: locator(record), original: original(record), error: Fault.text(of: error))
    }
}

/// The records of a batch as a table holds them: first the columns of the key, then those of the model.
struct TableRows: Sendable {
    let schema: TableSchema
    let keyset: Keyset
    let rows: Rows

    /// The key of a record.
    func key(_ record: Int) -> [Value] { keyset.columns.indices.map { rows.value(row: record, column: $0) } }

    /// Adds the key of a record to a list of them.
    func appendKey(_ record: Int, to keys: inout [Value]) {
        for column in keyset.columns.indices { keys.append(rows.value(row: record, column: column)) }
    }

    /// What deletes these records.
    func delete(_ records: some Sequence<Int>) -> BulkDelete {
        BulkDelete(from: schema.name, keyColumns: keyset.columns, keys: records.flatMap { key($0) })
    }
}

/// What errors mean for the row that raised them.
enum Fault {
    /// Whether other rows can go on: the row's data is at fault, or the author's code could not deal with it.
    static func isRowFault(_ error: any Error) -> Bool {
        switch error {
        case let error as DatabaseError: error.kind == .rowFault
        case is ModelError, is MigrationError, is CancellationError: false
        default: true
        }
    }

    /// One line, for the quarantine.
    static func text(of error: any Error) -> String {
        String(describing: error).split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
