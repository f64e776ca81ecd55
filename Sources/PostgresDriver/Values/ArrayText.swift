import Database
import Foundation

/// Arrays as text: PostgreSQL's own `{1,2}`, and JSON, in which the engine's models read and write them.
enum ArrayText {
    /// `{"a b",NULL,1}`, as `array_in` reads it.
    static func literal(_ values: [Value]) -> String {
        let elements = values.map { value -> String in
            switch value {
            case .null: "NULL"
            case .array(let nested): literal(nested)
            default: quoted(ValueWriter.text(value))
            }
        }
        return "{" + elements.joined(separator: ",") + "}"
    }

    private static func quoted(_ text: String) -> String {
        // Byte by byte: with an accent behind it, a quote is another `Character`, and a quote to the server all the same.
        var bytes = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The elements of a JSON array; `nil` if there are objects in it.
    static func values(json: String) -> [Value]? {
        guard let list = try? JSONDecoder().decode([Element].self, from: Data(json.utf8)) else { return nil }
        return list.map { $0.value }
    }

    private struct Element: Decodable {
        let value: Value

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            if let plain = Value(plain: single) {
                value = plain
            } else if let decimal = try? single.decode(Decimal.self) {
                value = .decimal(decimal)
            } else if let double = try? single.decode(Double.self) {
                value = .double(double)
            } else {
                value = .array(try single.decode([Element].self).map { $0.value })
            }
        }
    }
}
