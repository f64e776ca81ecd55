import Database

/// Tells which of some locators were dealt with before.
typealias KnownLocators = @Sendable (_ locators: [String]) async throws -> Set<String>

/// The records of a batch, inside the transaction that will write it.
struct LoadedBatch<Row: Sendable>: Sendable {
    /// How many records there are.
    var count: Int
    /// Those that an earlier batch has dealt with.
    var excluded: Set<Int> = []
    /// Those that are no rows at all: a broken line of a file.
    var malformed: [QuarantinedRow] = []
    /// Where to go on behind this batch.
    var cursor: String
    /// How far a file is read, in bytes.
    var position: Int?
    /// What was done with it before its transaction began.
    var ahead: (any Sendable)?
    /// The records as the database holds them, if they came from a table.
    var table: TableRows?
    /// What a person finds a record by.
    var locator: @Sendable (_ record: Int) -> String
    /// The record as it came.
    var original: @Sendable (_ record: Int) -> String
    /// Decodes some records.
    ///
    /// A table's rows are decoded part by part, while the part before is being written.
    var decode: @Sendable (_ records: Range<Int>) -> DecodedRows<Row>

    /// How many records this batch deals with.
    var visited: Int { count - excluded.count }

    /// Leaves out the records that were dealt with before.
    mutating func exclude(_ known: KnownLocators) async throws {
        let locators = (0..<count).map(locator)
        let found = try await known(locators)
        excluded = Set(locators.indices.filter { found.contains(locators[$0]) })
    }

    /// The rows of some records, and those that could not be read.
    func rows(_ range: Range<Int>) -> DecodedRows<Row> {
        var decoded = decode(range)
        guard !excluded.isEmpty else { return decoded }
        let kept = decoded.rows.indices.filter { !excluded.contains(decoded.records[$0]) }
        decoded.rows = kept.map { decoded.rows[$0] }
        decoded.records = kept.map { decoded.records[$0] }
        decoded.faults.removeAll { excluded.contains($0.record) }
        return decoded
    }

    /// How a record is put aside.
    func quarantined(_ record: Int, error: any Error) -> QuarantinedRow {
        QuarantinedRow(locator: locator(record), original: original(record), error: Fault.text(of: error))
    }
}

/// Rows that were decoded, and the records that could not be.
struct DecodedRows<Row: Sendable>: Sendable {
    var rows: [Row] = []
    /// For each of `rows`, its number among the records of the batch.
    var records: [Int] = []
    var faults: [(record: Int, error: any Error)] = []
}

/// The records of a batch as a table holds them: first the columns of the key, then the row's version if the table has
/// one, then the columns of the model.
struct TableRows: Sendable {
    let schema: TableSchema
    let keyset: Keyset
    /// How many columns stand before those of the model.
    let own: Int
    let rows: Rows

    /// The key of a record.
    func key(_ record: Int) -> [Value] { rows.key(row: record, columns: keyset.columns.count) }

    /// The key of the last record.
    var lastKey: [Value] { key(rows.count - 1) }

    /// Adds the key of a record to a list of them.
    func appendKey(_ record: Int, to keys: inout [Value]) {
        for column in keyset.columns.indices { keys.append(rows.keyValue(row: record, column: column)) }
    }

    /// Adds the version of a record to a list of them.
    func appendVersion(_ record: Int, to versions: inout [Value]) {
        if schema.rowVersion != nil { versions.append(rows.value(row: record, column: keyset.columns.count)) }
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
