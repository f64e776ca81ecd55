import Database

/// The values of some columns for many rows.
struct ValueTable: Sendable {
    let columns: [String]
    private var storage: Storage

    private enum Storage {
        /// Row after row.
        case values([Value])
        case rows(Rows)
    }

    /// Takes values row after row, `columns.count` for each.
    init(_ columns: [String], _ values: [Value] = []) {
        self.columns = columns
        storage = .values(values)
    }

    /// Rows as they came from the database, without a copy of them.
    init(_ rows: Rows) {
        columns = rows.columns
        storage = .rows(rows)
    }

    /// The number of rows.
    var count: Int {
        switch storage {
        case .values(let values): columns.isEmpty ? 0 : values.count / columns.count
        case .rows(let rows): rows.count
        }
    }

    subscript(row: Int, column: Int) -> Value {
        switch storage {
        case .values(let values): values[row * columns.count + column]
        case .rows(let rows): rows.exactValue(row: row, column: column)
        }
    }

    /// The values of one row.
    func row(_ row: Int) -> [Value] { columns.indices.map { self[row, $0] } }

    /// The values of some rows, one behind the other.
    func values(of rows: some Sequence<Int>) -> [Value] { rows.flatMap { row($0) } }

    /// The values of some columns of some rows, row after row.
    func values(of rows: [Int], columns: some Collection<Int>) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(rows.count * columns.count)
        for row in rows {
            for column in columns { values.append(self[row, column]) }
        }
        return values
    }

    /// Some of the columns; `nil` if one of them is not there.
    func selecting(_ names: [String]) -> ValueTable? {
        let indices = names.compactMap { columns.firstIndex(of: $0) }
        guard indices.count == names.count else { return nil }
        return ValueTable(names, (0..<count).flatMap { row in indices.map { self[row, $0] } })
    }

    /// Writes a column.
    func encode(_ column: Int, to writer: inout JournalWriter) {
        switch storage {
        case .values(let values):
            for index in stride(from: column, to: values.count, by: columns.count) { writer.append(values[index]) }
        case .rows(let rows):
            for row in 0..<rows.count { rows.withField(row: row, column: column) { writer.append($0) } }
        }
    }
}
