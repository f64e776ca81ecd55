import Database
import Foundation

/// Finds out which columns a model has, by letting it decode a row that answers anything.
///
/// That fails for a property whose type rejects every made-up value (a struct that checks what it decodes); the engine
/// then reads all columns of the table, as `SELECT *` does.
enum ColumnProbe {
    /// The columns of a model in the order of its properties; `nil` if they can't be known before a row is there.
    static func columns<M: Model>(of type: M.Type) -> [String]? {
        let properties = PropertyList(of: type)
        return properties.isComplete ? properties.all.map { M.column(for: $0.name) } : nil
    }

    /// A model that was decoded from such a row; `nil` for one with a type that rejects made-up values.
    static func sample<M: Model>(_ type: M.Type) -> M? { try? M(from: ProbeDecoder()) }
}

/// The properties that a type decodes, as far as they can be known before a row is there.
struct PropertyList: Sendable {
    /// A property by the name of its coding key.
    struct Property: Sendable, Hashable {
        var name: String
        /// Whether it may be absent.
        var isOptional: Bool
    }

    /// In the order in which they are decoded.
    let all: [Property]
    /// Whether there are no others: a type that rejects made-up values hides the properties behind it.
    let isComplete: Bool

    init<T: Decodable>(of type: T.Type) {
        let decoder = ProbeDecoder()
        isComplete = (try? T(from: decoder)) != nil
        all = decoder.properties
    }

    /// The properties that must be there.
    var required: [String] { all.filter { !$0.isOptional }.map(\.name) }

    /// Whether a name is a property's, but for case and separators.
    func has(_ name: String) -> Bool { all.contains { NameMatch.key($0.name) == NameMatch.key(name) } }
}

private final class ProbeDecoder: Decoder, SingleValueDecodingContainer {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    var properties: [PropertyList.Property] = []

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(ProbeContainer<Key>(decoder: self))
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { EmptyList() }
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
        if let first = Self.firstCase(type) { return first }
        // A wrapper of one value; a type with fields of its own asks for a container and lands in `ProbeContainer`.
        return try T(from: ProbeDecoder())
    }

    private static func sample<T>(_ type: T.Type) -> T? {
        let samples: [any Sendable] = [
            Date(timeIntervalSince1970: 0), UUID(), Decimal(0), Data(), [UInt8](), URL(filePath: "/"),
        ]
        return samples.lazy.compactMap { $0 as? T }.first
    }

    private static func first<C: CaseIterable>(_ type: C.Type) -> Any? { type.allCases.first }

    /// The first case of an enumeration with a raw value.
    ///
    /// Such a type has no payloads, so it is one byte at most, which numbers the cases from 0; another type of one
    /// plain byte that has a raw value wraps a number or a Boolean.
    private static func firstCase<T>(_ type: T.Type) -> T? {
        guard type is any RawRepresentable.Type, _isPOD(type), MemoryLayout<T>.size <= 1 else { return nil }
        return withUnsafeBytes(of: UInt8(0)) { $0.loadUnaligned(as: T.self) }
    }
}

private struct ProbeContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: ProbeDecoder

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) -> Bool {
        // Code that asks this can do without a value.
        note(key, isOptional: true)
        return false
    }

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
        note(key, isOptional: true)
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

    private func note(_ key: Key, isOptional: Bool = false) {
        if decoder.properties.contains(where: { $0.name == key.stringValue }) { return }
        decoder.properties.append(PropertyList.Property(name: key.stringValue, isOptional: isOptional))
    }

    private func noted(_ key: Key) -> ProbeDecoder {
        note(key)
        return decoder
    }

    private func absent<T>(_ key: Key) -> T? {
        note(key, isOptional: true)
        return nil
    }
}

/// A list without elements, for a property that holds one.
private struct EmptyList: UnkeyedDecodingContainer {
    let codingPath: [any CodingKey] = []
    let count: Int? = 0
    let isAtEnd = true
    let currentIndex = 0

    func decodeNil() throws -> Bool { throw ProbeDecoder.Unknown() }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { throw ProbeDecoder.Unknown() }
    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        throw ProbeDecoder.Unknown()
    }
    func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw ProbeDecoder.Unknown() }
    func superDecoder() throws -> any Decoder { throw ProbeDecoder.Unknown() }
}
