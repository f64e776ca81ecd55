import Database

/// The values of one column for many rows, as one parameter.
struct BulkColumn: Sendable {
    /// The array, in binary form.
    let bytes: [UInt8]
    /// The type of the array: `bigint[]`.
    let arrayType: String
    /// What makes an element the column's: `::jsonb`, or nothing.
    let cast: String
    /// The type of an element as it is sent; `nil` where it is text that the server reads as the column's type.
    let binaryType: UInt32?

    /// Whether the elements are integers, whose order is that of their numbers.
    var isInteger: Bool { [TypeID.int2, TypeID.int4, TypeID.int8].contains(binaryType) }

    /// - Parameters:
    ///   - values: the values of all columns, row after row.
    ///   - width: how many columns they are.
    ///   - offset: which of them this one is.
    ///   - column: what the table says of it.
    init(_ values: [Value], width: Int, offset: Int, column: TableColumns.Column) {
        let count = values.count / max(1, width)
        // An array of arrays would be unnested to its last elements; so these go as text, too.
        if FieldForm(column.type) != nil, TypeID.elements[column.type] == nil {
            var array = ArrayWriter(element: column.type, capacity: count)
            var isBinary = true
            for index in stride(from: offset, to: values.count, by: width) where isBinary {
                isBinary = array.append(values[index])
            }
            if isBinary {
                bytes = array.finish()
                arrayType = column.typeName + "[]"
                cast = ""
                binaryType = column.type
                return
            }
        }
        var array = ArrayWriter(element: TypeID.text, capacity: count)
        for index in stride(from: offset, to: values.count, by: width) {
            array.appendText(Self.literal(values[index], isArray: TypeID.elements[column.type] != nil))
        }
        bytes = array.finish()
        arrayType = "text[]"
        cast = "::" + column.typeName
        binaryType = nil
    }

    /// A JSON array becomes an array of PostgreSQL where the column is one.
    private static func literal(_ value: Value, isArray: Bool) -> Value {
        guard isArray, case .json(let json) = value, let values = ArrayText.values(json: json) else { return value }
        return .array(values)
    }
}

/// The columns of a bulk statement: `unnest($1::bigint[], $2::text[]) AS v(c1, c2)`.
struct BulkColumns: Sendable {
    private(set) var columns: [BulkColumn] = []

    var count: Int { columns.count }

    mutating func append(_ values: [Value], width: Int, types: [TableColumns.Column]) {
        for (offset, type) in types.enumerated() {
            columns.append(BulkColumn(values, width: width, offset: offset, column: type))
        }
    }

    /// `unnest(…)`.
    var unnest: String {
        "unnest(" + columns.enumerated().map { "$\($0 + 1)::\($1.arrayType)" }.joined(separator: ", ") + ")"
    }

    /// `c1, c2`.
    var names: String { columns.indices.map { "c\($0 + 1)" }.joined(separator: ", ") }

    /// A column as an expression of the table's type.
    func value(_ index: Int) -> String { "v.c\(index + 1)\(columns[index].cast)" }
}

extension Session {
    /// Makes a command of a text with arrays, and the parameters behind them.
    func command(
        _ sql: String,
        _ arrays: BulkColumns,
        _ more: [Value] = [],
        result: Command.Result,
        in line: inout Pipeline
    ) throws -> Command {
        var command = Command(sql: sql, result: result)
        let prepared = try prepare(sql, in: &line)
        for column in arrays.columns { command.parameters.append(binary: column.bytes) }
        for (value, type) in zip(more, prepared.parameterTypes.dropFirst(arrays.count)) {
            command.parameters.append(value, as: type)
        }
        command.prepared = prepared
        command.isPlannedAnew = true
        return command
    }
}
