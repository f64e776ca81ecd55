import Database
import Foundation

/// A value as JSON, with its type, so that it comes back as what it was.
struct StoredValue: Sendable, Codable, Hashable {
    let value: Value

    init(_ value: Value) { self.value = value }

    /// Values as one text: for cursors, bounds, and the rows in quarantine.
    static func text(of values: [Value]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        let stored = values.map(StoredValue.init)
        return (try? encoder.encode(stored)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }

    /// The values of such a text; `nil` if it is none.
    static func values(of text: String) -> [Value]? {
        (try? JSONDecoder().decode([StoredValue].self, from: Data(text.utf8)))?.map(\.value)
    }

    private enum Key: String, CodingKey {
        case double, blob, instant, date, uuid, json, decimal, array
    }

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if let plain = Value(plain: single) {
            value = plain
        } else {
            value = try Self.typed(try decoder.container(keyedBy: Key.self))
        }
    }

    private static func typed(_ object: KeyedDecodingContainer<Key>) throws -> Value {
        guard let key = object.allKeys.first else { return .null }
        if key == .array { return .array(try object.decode([StoredValue].self, forKey: key).map { $0.value }) }
        let text = try object.decode(String.self, forKey: key)
        switch key {
        case .double: return .double(UInt64(text, radix: 16).map(Double.init(bitPattern:)) ?? .nan)
        case .blob: return .blob([UInt8](Data(base64Encoded: text) ?? Data()))
        case .instant: return .date(Date(timeIntervalSinceReferenceDate: Double(text) ?? 0))
        // As older programs wrote it: counted from 1970, some microseconds are lost.
        case .date: return .date(Date(timeIntervalSince1970: Double(text) ?? 0))
        case .uuid: return UUID(uuidString: text).map(Value.uuid) ?? .text(text)
        case .json: return .json(text)
        case .decimal: return Decimal(string: text).map(Value.decimal) ?? .text(text)
        case .array: return .null
        }
    }

    func encode(to encoder: any Encoder) throws {
        switch value {
        case .null, .bool, .integer, .text:
            var single = encoder.singleValueContainer()
            switch value {
            case .bool(let bool): try single.encode(bool)
            case .integer(let integer): try single.encode(integer)
            case .text(let text): try single.encode(text)
            default: try single.encodeNil()
            }
        case .double(let double): try encode(.double, String(double.bitPattern, radix: 16), encoder)
        case .blob(let bytes): try encode(.blob, Data(bytes).base64EncodedString(), encoder)
        case .date(let date): try encode(.instant, String(date.timeIntervalSinceReferenceDate), encoder)
        case .uuid(let uuid): try encode(.uuid, uuid.uuidString, encoder)
        case .json(let json): try encode(.json, json, encoder)
        case .decimal(let decimal): try encode(.decimal, decimal.description, encoder)
        case .array(let values):
            var object = encoder.container(keyedBy: Key.self)
            try object.encode(values.map(StoredValue.init), forKey: .array)
        }
    }

    private func encode(_ key: Key, _ text: String, _ encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(text, forKey: key)
    }
}
