import Foundation

/// A view of one row of a result.
public struct Row: Sendable {
    let rows: Rows
    let index: Int

    /// The names of the columns.
    public var columns: [String] { rows.columns }

    /// The fields, as the database stores them.
    public var values: [Value] { rows.values(row: index) }

    /// A field by its position, as the database stores it.
    public subscript(column: Int) -> Value { rows.value(row: index, column: column) }

    /// A field by its column's name; SQL `NULL` where there is no such column.
    public subscript(column: String) -> Value {
        rows.index(of: column).map { rows.value(row: index, column: $0) } ?? .null
    }
}

extension Value {
    /// The value as an integer, where it is one or reads as one.
    public var integer: Int64? {
        switch self {
        case .integer(let integer): integer
        case .bool(let bool): bool ? 1 : 0
        case .double(let double): Int64(exactly: double)
        case .text(let text): Int64(text)
        case .decimal(let decimal): Int64(decimal.description)
        case .null, .blob, .date, .uuid, .json, .array: nil
        }
    }

    /// The value as a floating point number, where it is one or reads as one.
    public var double: Double? {
        switch self {
        case .double(let double): double
        case .integer(let integer): Double(integer)
        case .text(let text): Double(text)
        case .decimal(let decimal): (decimal as NSDecimalNumber).doubleValue
        case .null, .bool, .blob, .date, .uuid, .json, .array: nil
        }
    }

    /// The value as text; `nil` for NULL.
    public var text: String? {
        switch self {
        case .null: nil
        case .integer(let integer): String(integer)
        case .double(let double): String(double)
        case .bool(let bool): bool ? "true" : "false"
        case .text(let text), .json(let text): text
        case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        case .date(let date): Timestamp.format(date)
        case .uuid(let uuid): uuid.uuidString.lowercased()
        case .decimal(let decimal): decimal.description
        case .array(let values): Self.json(values)
        }
    }

    /// The elements as a JSON array; what JSON has no type for is text in it.
    private static func json(_ values: [Value]) -> String {
        let elements = values.map { value -> String in
            switch value {
            case .null: "null"
            case .integer, .bool, .array: value.text ?? "null"
            case .double(let double) where double.isFinite: String(double)
            case .decimal(let decimal) where !decimal.isNaN: decimal.description
            default: quoted(value.text ?? "")
            }
        }
        return "[" + elements.joined(separator: ",") + "]"
    }

    private static func quoted(_ text: String) -> String {
        let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .withoutEscapingSlashes]
        let data = try? JSONSerialization.data(withJSONObject: text, options: options)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
