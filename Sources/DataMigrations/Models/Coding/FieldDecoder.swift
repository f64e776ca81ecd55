import Database
import Foundation

extension RowDecoder {
    /// Decodes a field of a type that the keyed container does not know itself.
    func field<T: Decodable>(_ type: T.Type, column: Int) throws -> T {
        if type == Date.self { return try cast(reader.date(rows, row, column)) }
        if type == UUID.self { return try cast(reader.uuid(rows, row, column)) }
        if type == Decimal.self { return try cast(reader.decimal(rows, row, column)) }
        if type == Data.self { return try cast(Data(reader.bytes(rows, row, column))) }
        if type == URL.self { return try cast(reader.url(rows, row, column)) }
        if type == [UInt8].self { return try cast(reader.bytes(rows, row, column)) }
        do {
            // An enumeration, or another type that wraps one value.
            return try T(from: FieldDecoder(decoder: self, column: column))
        } catch is FieldDecoder.HoldsJSON {
            return try json(type, column: column)
        } catch is DecodingError {
            throw DecodingFault(column: rows.columns[column], problem: "holds a value that \(T.self) does not know")
        }
    }

    private func json<T: Decodable>(_ type: T.Type, column: Int) throws -> T {
        do {
            return try JSONDecoder().decode(type, from: Data(reader.bytes(rows, row, column)))
        } catch is DecodingError {
            throw DecodingFault(column: rows.columns[column], problem: "is not the JSON of \(T.self)")
        }
    }

    @inline(__always)
    private func cast<T, Known>(_ value: Known) -> T {
        // The caller has compared the types.
        unsafeBitCast(value, to: T.self)
    }
}

/// Decodes a type that wraps a single field.
struct FieldDecoder: Decoder, SingleValueDecodingContainer {
    /// The type has fields of its own, so the column holds a JSON document.
    struct HoldsJSON: Error {}

    let decoder: RowDecoder
    let column: Int

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> { throw HoldsJSON() }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw HoldsJSON() }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { decoder.rows.isNull(row: decoder.row, column: column) }
    func decode(_ type: Bool.Type) throws -> Bool { try decoder.reader.bool(decoder.rows, decoder.row, column) }
    func decode(_ type: String.Type) throws -> String { try decoder.reader.string(decoder.rows, decoder.row, column) }
    func decode(_ type: Double.Type) throws -> Double { try decoder.reader.double(decoder.rows, decoder.row, column) }
    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.field(type, column: column) }

    private func integer<I: FixedWidthInteger>(_ type: I.Type) throws -> I {
        try decoder.reader.integer(type, decoder.rows, decoder.row, column)
    }
}
