import Database
import Foundation

/// Encodes structs into the values of their columns, one row at a time.
///
/// One encoder serves a whole batch and keeps its buffers. Like ``RowDecoder`` it expects the keys in the order of the
/// row before.
final class RowEncoder: Encoder {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    // Unchecked: an encoder lives inside one function, and the check costs as much as the work, field by field.
    /// The properties, in the order in which they were first encoded.
    @exclusivity(unchecked) private(set) var keys: [String] = []
    /// Their columns.
    @exclusivity(unchecked) private(set) var columns: [String] = []
    /// The values of the row; `nil` where the struct did not encode the property.
    @exclusivity(unchecked) private(set) var values: [Value?] = []
    @exclusivity(unchecked) private var place = 0
    @exclusivity(unchecked) private var written = 0
    private let column: (String) -> String

    init(column: @escaping (String) -> String) { self.column = column }

    /// Encodes one row into ``values``.
    func encode(_ model: some Encodable) throws {
        place = 0
        written = 0
        try model.encode(to: self)
        // Rarely, a hand-written `encode(to:)` leaves a property out that it wrote for the row before.
        guard written != keys.count else { return }
        let partial = RowEncoder(column: column)
        try model.encode(to: partial)
        let given = Set(partial.keys)
        for index in keys.indices where !given.contains(keys[index]) { values[index] = nil }
    }

    func set(_ key: String, _ value: Value) {
        written += 1
        if place < keys.count, keys[place] == key {
            values[place] = value
            place += 1
        } else if let known = keys.firstIndex(of: key) {
            values[known] = value
            place = known + 1
        } else {
            keys.append(key)
            columns.append(column(key))
            values.append(value)
            place = keys.count
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(RowEncodingContainer<Key>(encoder: self))
    }

    // A row has names; a struct that encodes itself as a list or a single value is no model.
    func unkeyedContainer() -> any UnkeyedEncodingContainer { FieldEncoder().unkeyedContainer() }
    func singleValueContainer() -> any SingleValueEncodingContainer { FieldEncoder() }
}

/// Takes the properties of a struct.
struct RowEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: RowEncoder

    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) { encoder.set(key.stringValue, .null) }
    func encode(_ value: Bool, forKey key: Key) { encoder.set(key.stringValue, .bool(value)) }
    func encode(_ value: String, forKey key: Key) { encoder.set(key.stringValue, .text(value)) }
    func encode(_ value: Double, forKey key: Key) { encoder.set(key.stringValue, .double(value)) }
    func encode(_ value: Float, forKey key: Key) { encoder.set(key.stringValue, .double(Double(value))) }
    func encode(_ value: Int, forKey key: Key) { encoder.set(key.stringValue, .integer(Int64(value))) }
    func encode(_ value: Int8, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encode(_ value: Int16, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encode(_ value: Int32, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encode(_ value: Int64, forKey key: Key) { encoder.set(key.stringValue, .integer(value)) }
    func encode(_ value: UInt, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encode(_ value: UInt8, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encode(_ value: UInt16, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encode(_ value: UInt32, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encode(_ value: UInt64, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        encoder.set(key.stringValue, try FieldEncoder.value(of: value))
    }

    // The default implementations leave an absent value out; a column becomes NULL.
    func encodeIfPresent(_ value: Bool?, forKey key: Key) {
        encoder.set(key.stringValue, value.map(Value.bool) ?? .null)
    }
    func encodeIfPresent(_ value: String?, forKey key: Key) {
        encoder.set(key.stringValue, value.map(Value.text) ?? .null)
    }
    func encodeIfPresent(_ value: Double?, forKey key: Key) {
        encoder.set(key.stringValue, value.map(Value.double) ?? .null)
    }
    func encodeIfPresent(_ value: Float?, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encodeIfPresent(_ value: Int?, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encodeIfPresent(_ value: Int8?, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encodeIfPresent(_ value: Int16?, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encodeIfPresent(_ value: Int32?, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) {
        encoder.set(key.stringValue, value.map(Value.integer) ?? .null)
    }
    func encodeIfPresent(_ value: UInt?, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encodeIfPresent(_ value: UInt8?, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encodeIfPresent(_ value: UInt16?, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encodeIfPresent(_ value: UInt32?, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encodeIfPresent(_ value: UInt64?, forKey key: Key) { encoder.set(key.stringValue, value.databaseValue) }
    func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws {
        encoder.set(key.stringValue, try value.map { try FieldEncoder.value(of: $0) } ?? .null)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        encoder.container(keyedBy: keyType)
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder.unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder }
    func superEncoder(forKey key: Key) -> any Encoder { encoder }
}
