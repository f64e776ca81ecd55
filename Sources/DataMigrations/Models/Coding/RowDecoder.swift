import Database
import Foundation

/// Decodes the rows of a result into `Decodable` structs.
///
/// One decoder serves a whole batch. Synthesized code asks for the same keys in the same order, row after row, so the
/// decoder first looks whether a key is the one that came at this place last time, and finds its column without
/// hashing.
final class RowDecoder: Decoder {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    // A constant need not be retained for each field that is read from it.
    let rows: Rows
    let reader: FieldReader
    // These are asked for each field. None is passed `inout`, so there is no overlapping access to be checked for.
    /// The row that is being decoded.
    @exclusivity(unchecked) private(set) var row = 0
    /// How many keys of the row were asked for.
    @exclusivity(unchecked) private var place = 0
    @exclusivity(unchecked) private var keys: [String] = []
    @exclusivity(unchecked) private var columns: [Int] = []
    private let column: (String) -> String

    /// Reads rows; `column` tells the column of a property's name.
    init(_ rows: Rows, reader: FieldReader = FieldReader(), column: @escaping (String) -> String) {
        self.rows = rows
        self.reader = reader
        self.column = column
    }

    /// Decodes one row.
    ///
    /// - Throws: ``DecodingFault``.
    func decode<T: Decodable>(_ type: T.Type = T.self, row: Int) throws -> T {
        self.row = row
        place = 0
        do {
            return try T(from: self)
        } catch let error as DecodingError {
            throw DecodingFault(error)
        }
    }

    /// Decodes the first field of a row, as a property of the type would be.
    ///
    /// - Throws: ``DecodingFault``.
    func decodeField<T: Decodable>(_ type: T.Type = T.self, row: Int) throws -> T {
        self.row = row
        return try field(type, column: 0)
    }

    /// Decodes all rows.
    ///
    /// - Throws: ``DecodingFault``.
    func decodeAll<T: Decodable>(_ type: T.Type = T.self) throws -> [T] {
        var result: [T] = []
        result.reserveCapacity(rows.count)
        for row in 0..<rows.count { result.append(try decode(row: row)) }
        return result
    }

    /// The name of the column that a key's field is looked for in.
    func name(of key: String) -> String { column(key) }

    /// The column that holds a key's field, -1 if there is none.
    func index(of key: String) -> Int {
        if place < keys.count, keys[place] == key {
            place += 1
            return columns[place - 1]
        }
        let name = column(key)
        let index = rows.index(of: name) ?? rows.index(of: key) ?? -1
        if place == keys.count {
            keys.append(key)
            columns.append(index)
        } else {
            keys[place] = key
            columns[place] = index
        }
        place += 1
        return index
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(RowContainer<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw DecodingFault(column: "*", problem: "holds a row, which is no list: decode a struct")
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        FieldDecoder(decoder: self, column: 0)
    }
}

extension DecodingFault {
    /// Names the column, and leaves the value out.
    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, _):
            self.init(column: key.stringValue, problem: "does not exist")
        case .typeMismatch(let type, let context):
            self.init(column: Self.path(context), problem: "is not of type \(type)")
        case .valueNotFound(_, let context):
            self.init(column: Self.path(context), problem: "is missing or NULL")
        case .dataCorrupted(let context):
            self.init(column: Self.path(context), problem: "holds a value that its type does not know")
        @unknown default:
            self.init(column: "?", problem: "can't be decoded")
        }
    }

    private static func path(_ context: DecodingError.Context) -> String {
        context.codingPath.map(\.stringValue).joined(separator: ".")
    }
}
