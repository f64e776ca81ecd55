import Foundation

@testable import DataMigrations

/// What JSON files decode to in the targets.
struct JSONRow: Decodable, Sendable {
    var userID: Int64?
    var x: String?
    var happenedAt: Date?
    var list: [Double]?

    var text: String { "\(userID ?? -1) \(x ?? "NULL") \(happenedAt ?? .distantPast) \(list ?? [])" }
}

enum JSONReading {
    /// What the quarantine keeps of a value is read as the same row, or has the same problem.
    static func checkRereading(_ record: Transcript.Record, dates: DateFormats) {
        var again: String?
        let problem = problem { again = try JSONRowDecoder<JSONRow>(dates).reread(record.original).text }
        if record.original.contains("\u{FFFD}") { return }
        require(again == record.row, "\(record.original) is read again as \(again ?? problem ?? "nothing")")
    }

    /// What Foundation reads; `nil` if it refuses the text.
    static func decode<T: Decodable>(_ text: some Sequence<UInt8>) -> T? {
        let decoder = JSONDecoder()
        // With another strategy than its own, it takes another one of two values with the same key.
        decoder.keyDecodingStrategy = .custom { $0[$0.count - 1] }
        return try? decoder.decode(T.self, from: Data(text))
    }

    /// Whether Foundation takes the bytes for UTF-8, and reads whatever is JSON.
    ///
    /// What has zeros in it may be UTF-16, and nothing may be nested too deep for Foundation's decoder.
    static func isComparable(_ content: [UInt8]) -> Bool {
        content.allSatisfy { $0 != 0 } && !content.starts(with: [0xef, 0xbb, 0xbf])
            && content.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") } < 100
            && content.withUnsafeBytes(UTF8Check.isValid)
    }
}
