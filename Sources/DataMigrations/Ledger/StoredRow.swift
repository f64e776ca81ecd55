import Database
import Foundation

/// A row as a JSON object, for people and for the tools that they feed it to.
enum StoredRow {
    /// `{"email":"a@b.example","id":1}`.
    ///
    /// Columns before `start` are left out.
    static func text(columns: [String], values: [Value], from start: Int) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let fields = zip(columns, values).dropFirst(start).map { ($0, StoredField(value: $1)) }
        let object = Dictionary(fields, uniquingKeysWith: { first, _ in first })
        return (try? encoder.encode(object)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

/// A value as plain JSON.
private struct StoredField: Encodable {
    let value: Value

    func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        switch value {
        case .null: try single.encodeNil()
        case .integer(let integer): try single.encode(integer)
        case .double(let double) where double.isFinite: try single.encode(double)
        case .bool(let bool): try single.encode(bool)
        case .blob(let bytes): try single.encode(Data(bytes).base64EncodedString())
        default: try single.encode(value.text ?? "")
        }
    }
}
