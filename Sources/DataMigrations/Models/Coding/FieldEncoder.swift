import Database
import Foundation

/// Encodes a property that is no plain value: an enumeration becomes its raw value, a struct or a list becomes JSON.
final class FieldEncoder: Encoder, SingleValueEncodingContainer {
    private var value: Value?
    private var holdsJSON = false

    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    /// The value of a column for a property.
    static func value<T: Encodable>(of property: T) throws -> Value {
        if let value = (property as? any ValueConvertible)?.databaseValue { return value }
        // Not by the cast alone: every empty array is one of bytes, too.
        if T.self == [UInt8].self, let bytes = property as? [UInt8] { return .blob(bytes) }
        if let url = property as? URL { return .text(url.absoluteString) }
        let encoder = FieldEncoder()
        try property.encode(to: encoder)
        if let value = encoder.value, !encoder.holdsJSON { return value }
        let json = JSONEncoder()
        // Equal documents must be equal text, or a row that did not change would seem to have.
        json.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return .json(String(decoding: try json.encode(property), as: UTF8.self))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        holdsJSON = true
        return KeyedEncodingContainer(RowEncodingContainer<Key>(encoder: RowEncoder(column: { $0 })))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        holdsJSON = true
        return DiscardedList()
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() { value = .null }
    func encode(_ value: Bool) { self.value = .bool(value) }
    func encode(_ value: String) { self.value = .text(value) }
    func encode(_ value: Double) { self.value = .double(value) }
    func encode(_ value: Float) { self.value = .double(Double(value)) }
    func encode(_ value: Int) { self.value = value.databaseValue }
    func encode(_ value: Int8) { self.value = value.databaseValue }
    func encode(_ value: Int16) { self.value = value.databaseValue }
    func encode(_ value: Int32) { self.value = value.databaseValue }
    func encode(_ value: Int64) { self.value = value.databaseValue }
    func encode(_ value: UInt) { self.value = value.databaseValue }
    func encode(_ value: UInt8) { self.value = value.databaseValue }
    func encode(_ value: UInt16) { self.value = value.databaseValue }
    func encode(_ value: UInt32) { self.value = value.databaseValue }
    func encode(_ value: UInt64) { self.value = value.databaseValue }
    func encode<T: Encodable>(_ value: T) throws { self.value = try Self.value(of: value) }
}

/// Takes the elements of a list that is encoded as JSON afterwards: a first pass only finds out that it is a list.
private struct DiscardedList: UnkeyedEncodingContainer {
    let codingPath: [any CodingKey] = []
    private(set) var count = 0

    mutating func encodeNil() { count += 1 }
    mutating func encode<T: Encodable>(_ value: T) { count += 1 }
    mutating func nestedContainer<Key: CodingKey>(keyedBy keyType: Key.Type) -> KeyedEncodingContainer<Key> {
        FieldEncoder().container(keyedBy: keyType)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self }
    mutating func superEncoder() -> any Encoder { FieldEncoder() }
}
