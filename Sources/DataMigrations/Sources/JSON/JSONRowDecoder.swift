import Database
import Foundation

/// Decodes the text of one JSON value.
struct JSONRowDecoder<Row: Decodable & Sendable> {
    private let decoder = JSONDecoder()

    init(_ dates: DateFormats) {
        // Foundation's own strategy makes `userId` of `user_id`, and would miss a property that is called `userID`.
        var properties: [String: String] = [:]
        for property in PropertyList(of: Row.self).all.reversed() {
            properties[Naming.snakeCase(property.name)] = property.name
        }
        let names = properties
        decoder.keyDecodingStrategy = .custom { path in
            let key = path[path.count - 1]
            if path.count == 1, let name = names[key.stringValue] { return Key(stringValue: name) }
            return Key(stringValue: Self.camelCase(key.stringValue))
        }
        decoder.dateDecodingStrategy = .custom { try Self.date($0, dates) }
    }

    /// - Throws: ``DecodingFault``.
    func decode(_ text: Data) throws -> Row {
        do {
            return try decoder.decode(Row.self, from: text)
        } catch let error as DecodingError {
            if case .dataCorrupted(let context) = error, context.codingPath.isEmpty {
                throw DecodingFault(column: "*", problem: "is not valid JSON")
            }
            throw DecodingFault(error)
        }
    }

    /// Decodes what the quarantine kept of a record.
    ///
    /// Bytes that were no UTF-8 are lost in it: what stands in their place must not get into the database.
    ///
    /// - Throws: ``DecodingFault``.
    func reread(_ text: String) throws -> Row {
        guard !text.contains("\u{FFFD}") else {
            throw DecodingFault(column: "*", problem: "is not UTF-8; correct the file, or insert the row by hand")
        }
        return try decode(Data(text.utf8))
    }

    /// `happened_at` → `happenedAt`; signs at the ends stay.
    private static func camelCase(_ key: String) -> String {
        guard key.utf8.dropFirst().contains(UInt8(ascii: "_")) else { return key }
        let words = key.split(separator: "_")
        guard let first = words.first else { return key }
        let start = key.prefix { $0 == "_" }
        let end = String(key.reversed().prefix { $0 == "_" })
        // A key without an underscore in the middle has its capitals already.
        let others = words.dropFirst().map(\.capitalized).joined()
        return start + (words.count == 1 ? String(first) : first.lowercased() + others) + end
    }

    private static func date(_ decoder: any Decoder, _ dates: DateFormats) throws -> Date {
        let container = try decoder.singleValueContainer()
        if dates.takeNumbers, let number = try? container.decode(Double.self), let date = dates.date(number: number) {
            return date
        }
        if let text = try? container.decode(String.self), let date = dates.date(text) { return date }
        let column = decoder.codingPath.map(\.stringValue).joined(separator: ".")
        throw DecodingFault(column: column, problem: "is not a date")
    }

    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
