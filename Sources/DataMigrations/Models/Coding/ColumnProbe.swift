import Database
import Foundation

/// Finds out which columns a model has, by letting it decode a row that answers anything.
///
/// That fails for a property whose type rejects every made-up value (an enumeration that is not `CaseIterable`); the
/// engine then reads all columns of the table, as `SELECT *` does.
enum ColumnProbe {
    /// The columns of a model in the order of its properties; `nil` if they can't be known before a row is there.
    static func columns<M: Model>(of type: M.Type) -> [String]? {
        let decoder = ProbeDecoder()
        guard (try? M(from: decoder)) != nil else { return nil }
        return decoder.keys.map(M.column(for:))
    }
}

private final class ProbeDecoder: Decoder, SingleValueDecodingContainer {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    var keys: [String] = []

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(ProbeContainer<Key>(decoder: self))
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Unknown() }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    struct Unknown: Error {}

    func decodeNil() -> Bool { false }
    func decode(_ type: Bool.Type) -> Bool { false }
    func decode(_ type: String.Type) -> String { "" }
    func decode(_ type: Double.Type) -> Double { 0 }
    func decode(_ type: Float.Type) -> Float { 0 }
    func decode(_ type: Int.Type) -> Int { 0 }
    func decode(_ type: Int8.Type) -> Int8 { 0 }
    func decode(_ type: Int16.Type) -> Int16 { 0 }
    func decode(_ type: Int32.Type) -> Int32 { 0 }
    func decode(_ type: Int64.Type) -> Int64 { 0 }
    func decode(_ type: UInt.Type) -> UInt { 0 }
    func decode(_ type: UInt8.Type) -> UInt8 { 0 }
    func decode(_ type: UInt16.Type) -> UInt16 { 0 }
    func decode(_ type: UInt32.Type) -> UInt32 { 0 }
    func decode(_ type: UInt64.Type) -> UInt64 { 0 }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        if let value = Self.sample(type) { return value }
        if let cases = type as? any CaseIterable.Type, let first = Self.first(cases) as? T { return first }
        // A wrapper of one value; a type with fields of its own asks for a container and lands in `ProbeContainer`.
        return try T(from: ProbeDecoder())
    }

    private static func sample<T>(_ type: T.Type) -> T? {
        let samples: [any Sendable] = [Date(timeIntervalSince1970: 0), UUID(), Decimal(0), Data(), [UInt8]()]
        return samples.lazy.compactMap { $0 as? T }.first
    }

    private static func first<C: CaseIterable>(_ type: C.Type) -> Any? { type.allCases.first }
}

private struct ProbeContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: ProbeDecoder

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) -> Bool { false }

    func decode(_ type: Bool.Type, forKey key: Key) -> Bool { noted(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) -> String { noted(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) -> Double { noted(key).decode(type) }
    func decode(_ type: Float.Type, forKey key: Key) -> Float { noted(key).decode(type) }
    func decode(_ type: Int.Type, forKey key: Key) -> Int { noted(key).decode(type) }
    func decode(_ type: Int8.Type, forKey key: Key) -> Int8 { noted(key).decode(type) }
    func decode(_ type: Int16.Type, forKey key: Key) -> Int16 { noted(key).decode(type) }
    func decode(_ type: Int32.Type, forKey key: Key) -> Int32 { noted(key).decode(type) }
    func decode(_ type: Int64.Type, forKey key: Key) -> Int64 { noted(key).decode(type) }
    func decode(_ type: UInt.Type, forKey key: Key) -> UInt { noted(key).decode(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) -> UInt8 { noted(key).decode(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) -> UInt16 { noted(key).decode(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) -> UInt32 { noted(key).decode(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) -> UInt64 { noted(key).decode(type) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        note(key)
        return try decoder.decode(type)
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        note(key)
        return nil
    }

    // A synthesized initializer calls the overloads of the plain types; each must note the key, so none may fall back
    // to the default implementation that asks twice.
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) -> Bool? { absent(key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) -> String? { absent(key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) -> Double? { absent(key) }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) -> Float? { absent(key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) -> Int? { absent(key) }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) -> Int8? { absent(key) }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) -> Int16? { absent(key) }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) -> Int32? { absent(key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) -> Int64? { absent(key) }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) -> UInt? { absent(key) }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) -> UInt8? { absent(key) }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) -> UInt16? { absent(key) }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) -> UInt32? { absent(key) }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) -> UInt64? { absent(key) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        throw ProbeDecoder.Unknown()
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw ProbeDecoder.Unknown() }
    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { decoder }

    private func note(_ key: Key) {
        if !decoder.keys.contains(key.stringValue) { decoder.keys.append(key.stringValue) }
    }

    private func noted(_ key: Key) -> ProbeDecoder {
        note(key)
        return decoder
    }

    private func absent<T>(_ key: Key) -> T? {
        note(key)
        return nil
    }
}
