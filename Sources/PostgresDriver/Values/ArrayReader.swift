import Database
import Foundation

/// Reads arrays as the text of JSON arrays, in which a model's `[String]` or `[Int]` is decoded.
enum ArrayReader {
    /// As many as PostgreSQL's arrays have at most.
    static let maximumDimensions = 6

    /// An array in binary form; `nil` if the bytes are none.
    static func json(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard bytes.count >= 12 else { return nil }
        let dimensions = Int(bytes.integer(Int32.self))
        guard 1...maximumDimensions ~= dimensions else { return dimensions == 0 ? "[]" : nil }
        var position = 12 + 8 * dimensions
        guard let form = FieldForm(bytes.integer(UInt32.self, at: 8)), bytes.count >= position else { return nil }
        let counts = (0..<dimensions).map { Int(bytes.integer(Int32.self, at: 12 + 8 * $0)) }
        // Each element takes four bytes or more.
        var room = (bytes.count - position) / 4
        for count in counts {
            guard count > 0 else { return nil }
            room /= count
        }
        guard room > 0, let list = list(bytes, &position, counts[...], form), position == bytes.count else {
            return nil
        }
        return list.text
    }

    private static func list(
        _ bytes: UnsafeRawBufferPointer,
        _ position: inout Int,
        _ counts: ArraySlice<Int>,
        _ form: FieldForm
    ) -> Value? {
        guard let count = counts.first else { return element(bytes, &position, form) }
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            guard let value = list(bytes, &position, counts.dropFirst(), form) else { return nil }
            values.append(value)
        }
        return .array(values)
    }

    private static func element(_ bytes: UnsafeRawBufferPointer, _ position: inout Int, _ form: FieldForm) -> Value? {
        guard position + 4 <= bytes.count else { return nil }
        let length = Int(bytes.integer(Int32.self, at: position))
        position += 4
        if length == -1 { return .some(.null) }
        guard length >= 0, length <= bytes.count - position else { return nil }
        defer { position += length }
        var field = Rows(columns: ["element"])
        let part = UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])
        // No `?:`, whose `nil` would be a value, SQL's NULL.
        guard field.append(part, as: form) else { return nil }
        return element(field, form)
    }

    /// An array as the server writes it: `{1,NULL,"a b"}`; what is none stays as it is.
    static func json(literal: String, element type: UInt32?) -> String {
        let form = type.flatMap { FieldForm($0) }
        var reader = ArrayLiteral(literal) { text in text.map { element($0, form) } ?? .null }
        return reader.list()?.text ?? literal
    }

    private static func element(_ text: String, _ form: FieldForm?) -> Value {
        var field = Rows(columns: ["element"])
        var text = text
        text.withUTF8 { field.append(text: UnsafeRawBufferPointer($0), as: form, element: nil) }
        return element(field, form)
    }

    /// A field in the type that JSON has for it.
    private static func element(_ field: Rows, _ form: FieldForm?) -> Value {
        let instant: String? = field.withField(row: 0, column: 0) {
            // A `Date` would lose the years before 1 and behind 9999.
            if case .instant(let microseconds) = $0 { Timestamp.format(microseconds: microseconds) } else { nil }
        }
        if let instant { return .text(instant) }
        let value = field.value(row: 0, column: 0)
        switch (form, value) {
        case (.bool, .integer(let integer)): return .bool(integer == 1)
        // More digits than a decimal number has stay text.
        case (.numeric, .text(let text)) where text.utf8.count <= 38:
            return Decimal(string: text).map(Value.decimal) ?? value
        default: return value
        }
    }
}
