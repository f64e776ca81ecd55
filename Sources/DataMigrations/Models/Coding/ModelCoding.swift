import Database

/// How a model is read from rows and written to them.
enum ModelCoding<M: Model> {
    /// The columns of the properties; `nil` where they are not known before a row is there.
    static var columns: [String]? { ColumnProbe.columns(of: M.self) }

    /// What a SELECT reads.
    static var selection: SQL { columns.map(SQL.identifiers) ?? "*" }

    static func decoder(_ rows: Rows) -> RowDecoder { RowDecoder(rows, column: M.column(for:)) }

    static func decode(_ rows: Rows) throws -> [M] { try decoder(rows).decodeAll() }

    /// Decodes what can be, and says what can't.
    static func decodeEach(_ rows: Rows, _ range: Range<Int>) -> DecodedRows<M> {
        let decoder = decoder(rows)
        var decoded = DecodedRows<M>()
        decoded.rows.reserveCapacity(range.count)
        decoded.records.reserveCapacity(range.count)
        for row in range {
            do {
                decoded.rows.append(try decoder.decode(row: row))
                decoded.records.append(row)
            } catch {
                decoded.faults.append((row, error))
            }
        }
        return decoded
    }

    /// The values of many models: one list of columns for all of them, NULL where a model left a property out.
    static func encode(_ models: [M]) throws -> (columns: [String], values: [Value]) {
        let encoder = RowEncoder(column: M.column(for:))
        var values: [Value] = []
        var width = 0
        for (index, model) in models.enumerated() {
            try encoder.encode(model)
            if encoder.columns.count > width, index > 0 {
                // A column that came up late: make room for it in the rows before.
                values = (0..<index).flatMap { row in
                    values[row * width..<(row + 1) * width]
                        + Array(repeating: .null, count: encoder.columns.count - width)
                }
            }
            if index == 0 { values.reserveCapacity(models.count * encoder.columns.count) }
            width = encoder.columns.count
            for value in encoder.values { values.append(value ?? .null) }
        }
        return (encoder.columns, values)
    }

    /// The values of some columns of many models, row after row.
    ///
    /// - Throws: ``ModelError`` if the model has no such property.
    static func values(of columns: [String], in models: [M]) throws -> [Value] {
        let encoder = RowEncoder(column: M.column(for:))
        var values: [Value] = []
        values.reserveCapacity(models.count * columns.count)
        for model in models {
            try encoder.encode(model)
            for column in columns {
                guard let index = encoder.columns.firstIndex(of: column) else {
                    throw ModelError("\(M.self) has no property for the column \(column) of \(M.table)")
                }
                values.append(encoder.values[index] ?? .null)
            }
        }
        return values
    }
}

/// A model that does not fit what is asked of it.
public struct ModelError: Error, Sendable, CustomStringConvertible {
    /// One line: what, where, what to do.
    public let description: String

    init(_ description: String) { self.description = description }
}
