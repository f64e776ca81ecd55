import Database

/// The table of a file of SQL, of whose rows the keys are read.
struct SQLTable: BatchSource {
    typealias Row = KeyedRow

    let label: String
    private let reading: TableReading<KeyedRow>

    /// `nil` where the file names no table.
    init?(_ body: SQLBody, file: String) {
        guard let table = body.table else { return nil }
        label = table
        reading = TableReading(
            table: table,
            model: file,
            columns: [],
            key: body.key,
            predicate: body.predicate(called: "\(identifier: table)"),
            isOrdered: false,
            decode: { _, range in
                DecodedRows(rows: Array(repeating: KeyedRow(), count: range.count), records: Array(range))
            }
        )
    }

    func _reading() -> SourceReading<KeyedRow> { SourceReading(kind: .table(reading)) }
}
