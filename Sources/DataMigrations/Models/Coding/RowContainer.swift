import Database
import Foundation

/// The fields of the row that a ``RowDecoder`` stands at.
struct RowContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: RowDecoder

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { decoder.rows.columns.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { decoder.index(of: key.stringValue) >= 0 }

    func decodeNil(forKey key: Key) throws -> Bool {
        let column = decoder.index(of: key.stringValue)
        return column < 0 || decoder.rows.isNull(row: decoder.row, column: column)
    }

    /// The column of a property that must be there.
    @inline(__always)
    private func required(_ key: Key) throws -> Int {
        let column = decoder.index(of: key.stringValue)
        guard column >= 0 else {
            throw DecodingFault(column: decoder.name(of: key.stringValue), problem: "does not exist")
        }
        return column
    }

    /// The column of an optional property, `nil` where there is no value.
    @inline(__always)
    private func optional(_ key: Key) -> Int? {
        let column = decoder.index(of: key.stringValue)
        return column < 0 || decoder.rows.isNull(row: decoder.row, column: column) ? nil : column
    }

    @inline(__always)
    private func integer<I: FixedWidthInteger>(_ type: I.Type, _ column: Int) throws -> I {
        try decoder.reader.integer(type, decoder.rows, decoder.row, column)
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        try decoder.reader.bool(decoder.rows, decoder.row, required(key))
    }
    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try decoder.reader.string(decoder.rows, decoder.row, required(key))
    }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try decoder.reader.double(decoder.rows, decoder.row, required(key))
    }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        Float(try decoder.reader.double(decoder.rows, decoder.row, required(key)))
    }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try integer(type, required(key)) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try integer(type, required(key)) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try integer(type, required(key)) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try integer(type, required(key)) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try integer(type, required(key)) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try integer(type, required(key)) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try integer(type, required(key)) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try integer(type, required(key)) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try integer(type, required(key)) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try integer(type, required(key)) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try decoder.field(type, column: required(key))
    }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        try optional(key).map { try decoder.reader.bool(decoder.rows, decoder.row, $0) }
    }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try optional(key).map { try decoder.reader.string(decoder.rows, decoder.row, $0) }
    }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        try optional(key).map { try decoder.reader.double(decoder.rows, decoder.row, $0) }
    }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? {
        try optional(key).map { Float(try decoder.reader.double(decoder.rows, decoder.row, $0)) }
    }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try optional(key).map { try integer(type, $0) }
    }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? {
        try optional(key).map { try integer(type, $0) }
    }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? {
        try optional(key).map { try integer(type, $0) }
    }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? {
        try optional(key).map { try integer(type, $0) }
    }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
        try optional(key).map { try integer(type, $0) }
    }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? {
        try optional(key).map { try integer(type, $0) }
    }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? {
        try optional(key).map { try integer(type, $0) }
    }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? {
        try optional(key).map { try integer(type, $0) }
    }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? {
        try optional(key).map { try integer(type, $0) }
    }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? {
        try optional(key).map { try integer(type, $0) }
    }
    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        try optional(key).map { try decoder.field(type, column: $0) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        throw DecodingFault(column: key.stringValue, problem: "is one value: give it a type of its own for JSON")
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw DecodingFault(column: key.stringValue, problem: "is one value: give it a type of its own for JSON")
    }
    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { decoder }
}
