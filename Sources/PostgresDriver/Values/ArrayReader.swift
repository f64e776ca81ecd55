import Database
import Foundation

/// Reads arrays as the text of JSON arrays, in which a model's `[String]` or `[Int]` is decoded.
enum ArrayReader {
    /// An array in binary form.
    static func json(_ bytes: UnsafeRawBufferPointer) -> String {
        let dimensions = Int(bytes.integer(Int32.self))
        guard dimensions > 0, let form = FieldForm(bytes.integer(UInt32.self, at: 8)) else { return "[]" }
        let counts = (0..<dimensions).map { Int(bytes.integer(Int32.self, at: 12 + 8 * $0)) }
        var position = 12 + 8 * dimensions
        func nested(_ dimension: Int) -> Value {
            .array(
                (0..<counts[dimension]).map { _ in
                    if dimension + 1 < counts.count { return nested(dimension + 1) }
                    let length = Int(bytes.integer(Int32.self, at: position))
                    position += 4
                    guard length >= 0 else { return .null }
                    defer { position += length }
                    var field = Rows(columns: ["element"])
                    field.append(UnsafeRawBufferPointer(rebasing: bytes[position..<position + length]), as: form)
                    return element(field, form)
                }
            )
        }
        return nested(0).text ?? "[]"
    }

    /// An array as the server writes it: `{1,NULL,"a b"}`.
    static func json(literal: String, element type: UInt32?) -> String {
        var rest = Substring(literal)
        // An array with other bounds starts with them: `[0:1]={1,2}`.
        if let equals = rest.firstIndex(of: "="), rest.hasPrefix("[") { rest = rest[equals...].dropFirst() }
        guard rest.first == "{" else { return literal }
        return list(&rest, type.flatMap { FieldForm($0) }).text ?? "[]"
    }

    private static func list(_ rest: inout Substring, _ form: FieldForm?) -> Value {
        rest.removeFirst()
        var values: [Value] = []
        while let first = rest.first, first != "}" {
            switch first {
            case ",": rest.removeFirst()
            case "{": values.append(list(&rest, form))
            case "\"":
                rest.removeFirst()
                var text = ""
                while let character = rest.popFirst(), character != "\"" {
                    text.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
                }
                values.append(element(text, form))
            default:
                let word = rest.prefix { $0 != "," && $0 != "}" }
                rest = rest.dropFirst(word.count)
                values.append(word == "NULL" ? .null : element(String(word), form))
            }
        }
        rest = rest.dropFirst()
        return .array(values)
    }

    private static func element(_ text: String, _ form: FieldForm?) -> Value {
        var field = Rows(columns: ["element"])
        var text = text
        text.withUTF8 { field.append(text: UnsafeRawBufferPointer($0), as: form, element: nil) }
        return element(field, form)
    }

    /// A field in the type that JSON has for it.
    private static func element(_ field: Rows, _ form: FieldForm?) -> Value {
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
