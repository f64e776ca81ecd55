import Database

/// The statements of a file of SQL.
struct SQLWork: BatchWork {
    typealias Row = KeyedRow

    let body: SQLBody

    func write(_ batch: LoadedBatch<KeyedRow>, in handle: Batch) async throws -> WrittenBatch {
        try await KeyedRows(batch, body).writeAll(in: handle)
        return WrittenBatch()
    }

    func prepare(_ batch: LoadedBatch<KeyedRow>, connection: any DatabaseConnection) async throws -> any PreparedBatch {
        let rows = try KeyedRows(batch, body)
        try await rows.readOriginals(connection)
        return rows
    }
}

/// A row of which nothing but its key was read.
struct KeyedRow: Sendable {}

/// The rows of a batch as the statements of a file are run for them.
private final class KeyedRows: PreparedBatch {
    private let batch: LoadedBatch<KeyedRow>
    private let table: TableRows
    private let body: SQLBody
    /// Those that no earlier batch has dealt with.
    private let records: [Int]
    /// The rows whole, for those that are put aside.
    private var originals = Rows(columns: [])
    private var places: [ExactKey: Int] = [:]

    init(_ batch: LoadedBatch<KeyedRow>, _ body: SQLBody) throws {
        guard let table = batch.table else { throw ModelError("the rows of a file of SQL come from a table") }
        try body.check(table.keyset)
        self.batch = batch
        self.table = table
        self.body = body
        records = (0..<batch.count).filter { !batch.excluded.contains($0) }
    }

    var count: Int { records.count }
    /// Nothing is known of a row before it is written.
    var faults: [QuarantinedRow] { [] }

    func writeAll(in handle: Batch) async throws { _ = try await write(0..<count, in: handle) }

    func write(_ range: Range<Int>, in handle: Batch) async throws -> [Statement] {
        guard !range.isEmpty else { return [] }
        let dialect = handle.connection.dialect
        let isScattered = batch.excluded.count > 100
        let limit = BatchCondition.mostRows(body, of: table, isScattered: isScattered, dialect)
        let most = min(range.count, limit)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: most) {
            let part = Array(records[start..<min(start + most, range.upperBound)])
            let condition = BatchCondition(part, of: table, isScattered: isScattered, for: body, dialect)
            try await body.write(condition, in: handle)
        }
        return []
    }

    func mend(_ index: Int, after error: any Error, attempt: Int) -> Bool { false }

    func quarantined(_ index: Int, error: any Error) -> QuarantinedRow {
        var row = batch.quarantined(records[index], error: error)
        if let place = places[ExactKey(table.key(records[index]))] {
            row.original = StoredRow.text(
                columns: originals.columns,
                values: originals.values(row: place),
                from: table.keyset.columns.count
            )
        }
        return row
    }

    /// Reads the rows whole: a batch has only their keys, and whoever looks at a bad row wants to see it.
    func readOriginals(_ connection: any DatabaseConnection) async throws {
        let key = table.keyset.columns
        let select = BulkSelect(
            from: table.schema.name,
            keyColumns: key,
            keys: records.flatMap { table.key($0) },
            selection: (key + table.schema.columns.map(\.name)).map { "\(identifier: $0)" }
        )
        originals = try await connection.run([.select(select)])[0].rows ?? Rows(columns: [])
        for row in 0..<originals.count { places[ExactKey(originals.key(row: row, columns: key.count))] = row }
    }
}
