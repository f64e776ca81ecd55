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
                    let value = field.value(row: 0, column: 0)
                    if case .bool = form { return .bool(value.integer == 1) }
                    return value
                }
            )
        }
        return text(nested(0))
    }

    /// An array as the server writes it: `{1,NULL,"a b"}`; all elements are text then.
    static func json(literal: String) -> String {
        var rest = Substring(literal)
        // An array with other bounds starts with them: `[0:1]={1,2}`.
        if let equals = rest.firstIndex(of: "="), rest.hasPrefix("[") { rest = rest[equals...].dropFirst() }
        guard rest.first == "{" else { return literal }
        return text(list(&rest))
    }

    private static func list(_ rest: inout Substring) -> Value {
        rest.removeFirst()
        var values: [Value] = []
        while let first = rest.first, first != "}" {
            switch first {
            case ",": rest.removeFirst()
            case "{": values.append(list(&rest))
            case "\"":
                rest.removeFirst()
                var text = ""
                while let character = rest.popFirst(), character != "\"" {
                    text.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
                }
                values.append(.text(text))
            default:
                let word = rest.prefix { $0 != "," && $0 != "}" }
                rest = rest.dropFirst(word.count)
                values.append(word == "NULL" ? .null : .text(String(word)))
            }
        }
        rest = rest.dropFirst()
        return .array(values)
    }

    private static func text(_ value: Value) -> String {
        guard case .array(let values) = value, values.contains(where: { if case .array = $0 { true } else { false } })
        else { return value.text ?? "[]" }
        return "[" + values.map(text).joined(separator: ",") + "]"
    }
}
