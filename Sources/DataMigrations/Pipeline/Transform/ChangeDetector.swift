import Database

/// Finds the columns that an author's code changed, by comparing what a model encodes to with the row as it was read.
///
/// A value may be stored in another form than the one it encodes to: a date without its time, a UUID in capitals. Such a
/// column only counts as changed if the row as it was read does not encode to the same value.
final class ChangeDetector<M: Model> {
    private let table: TableRows
    private let encoder = RowEncoder(column: M.column(for:))
    private let before = RowEncoder(column: M.column(for:))
    private let decoder: RowDecoder
    /// For each column of the encoder, its column among the rows.
    private var stored: [Int] = []
    /// For each column of the encoder, whether NULL was seen to come back as NULL: a hand-written `init(from:)` may make
    /// something else of it.
    private var keepsNull: [Bool] = []

    init(_ table: TableRows) {
        self.table = table
        decoder = ModelCoding<M>.decoder(table.rows)
    }

    /// The columns of the model.
    var columns: [String] { encoder.columns }

    /// What the last model looked at encodes to.
    var values: [Value?] { encoder.values }

    /// A field of a row as it was read.
    func stored(_ column: Int, record: Int) -> Value {
        table.rows.value(row: record, column: stored[column])
    }

    /// A field of a row as it was read, without a loss: for the journal.
    func image(_ column: Int, record: Int) -> Value {
        table.rows.exactValue(row: record, column: stored[column])
    }

    /// The columns of a model that differ from the row it was read from.
    ///
    /// - Throws: ``DecodingFault`` if the key is among them.
    func changes(of model: M, record: Int) throws -> ColumnSet {
        try encoder.encode(model)
        if stored.count != encoder.columns.count { try locate() }
        var changes = ColumnSet()
        var isBeforeEncoded = false
        for (column, value) in encoder.values.enumerated() {
            guard let value else { continue }
            switch table.rows.compare(row: record, column: stored[column], with: value) {
            case .same: continue
            case .different: break
            case .wasNull where keepsNull[column]: break
            case .wasNull, .unclear:
                if !isBeforeEncoded {
                    try before.encode(decoder.decode(M.self, row: record))
                    isBeforeEncoded = true
                }
                guard before.columns == encoder.columns else { break }
                if before.values[column] == value { continue }
                let wasNull = table.rows.isNull(row: record, column: stored[column])
                if wasNull, before.values[column] == .null { keepsNull[column] = true }
            }
            if table.keyset.columns.contains(encoder.columns[column]) {
                throw DecodingFault(column: encoder.columns[column], problem: "is part of the key and must not change")
            }
            changes.insert(column)
        }
        return changes
    }

    private func locate() throws {
        stored = try encoder.columns.map { column in
            guard let index = table.rows.index(of: column) else {
                throw ModelError(
                    "\(M.self) encodes a property for the column \(column), which \(M.table) does not have"
                )
            }
            return index
        }
        keepsNull = Array(repeating: false, count: stored.count)
    }
}

/// What a comparison says without knowing in which form a value is stored.
private enum FieldComparison {
    case same, different, wasNull, unclear
}

extension Timestamp {
    /// Whether a `Date` holds an instant to the microsecond: far from today, none does.
    fileprivate static func isExact(_ instant: Int64) -> Bool {
        microseconds(of: date(microseconds: instant)) == instant
    }
}

extension Rows {
    /// Compares a field with a value, without a copy of its bytes.
    fileprivate func compare(row: Int, column: Int, with value: Value) -> FieldComparison {
        withField(row: row, column: column) { field in
            switch (field, value) {
            case (.null, .null): .same
            case (.null, _): .wasNull
            case (.integer(let stored), .integer(let new)): stored == new ? .same : .different
            case (.integer(let stored), .bool(let new)): stored == (new ? 1 : 0) ? .same : .unclear
            case (.double(let stored), .double(let new)): stored == new ? .same : .different
            case (.instant(let stored), .date(let new)):
                Timestamp.microseconds(of: new) == stored ? .same : Timestamp.isExact(stored) ? .different : .unclear
            case (.text(let stored), .text(var new)):
                new.withUTF8 { $0.elementsEqual(stored) } ? .same : .different
            case (.blob(let stored), .blob(let new)): new.elementsEqual(stored) ? .same : .different
            default: .unclear
            }
        }
    }
}
