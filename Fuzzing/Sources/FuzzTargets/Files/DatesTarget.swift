import Database
import Foundation

@testable import DataMigrations

/// Dates as text: what is written is read, and nothing makes one of what is none.
///
/// An input is a digit for what is asked, and text; for a pattern, the pattern, a line break and the text.
enum DatesTarget {
    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        switch input.choice(4) {
        case 0: checkText(input.rest)
        case 1: checkPattern(input.rest)
        case 2: checkWriting(&input)
        default: checkInstant(input.integer())
        }
    }

    /// A day of the years 1 to 9999, which is what texts can hold; a zone may lead a day beyond.
    private static func isPlausible(_ date: Date) -> Bool {
        (-62_167_219_200 - 86_400...253_402_300_800 + 86_400).contains(date.timeIntervalSince1970)
    }

    private static func checkText(_ text: [UInt8]) {
        guard let date = text.withUnsafeBytes({ Timestamp.parse($0) }) else { return }
        let shown = String(decoding: text, as: UTF8.self)
        require(isPlausible(date), "\(shown) is read as \(date)")
        require(DateFormats([]).date(shown) == date, "\(shown) is another date as a field of a file")
        if text.count == 19, text[10] == UInt8(ascii: " "), text[16] == UInt8(ascii: ":") {
            let pattern = DatePattern("yyyy-MM-dd HH:mm:ss")
            require(text.withUnsafeBytes { pattern?.date($0) } == date, "\(shown) is another date by a pattern")
        }
        let written = Timestamp.format(date)
        guard date.timeIntervalSince1970 >= -62_135_596_800, date.timeIntervalSince1970 < 253_402_300_799 else {
            return
        }
        let again = Timestamp.parse(written)
        require(again.map(Timestamp.format) == written, "\(shown) is written as \(written)")
        require(
            again.flatMap(Timestamp.microseconds(of:)) == Timestamp.microseconds(of: date),
            "\(shown) is written as \(written)"
        )
    }

    private static func checkPattern(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: .lf, maxSplits: 1, omittingEmptySubsequences: false)
        let pattern = String(decoding: parts[0], as: UTF8.self)
        let format = DateFormat.pattern(pattern)
        let text = parts.count > 1 ? Array(parts[1]) : []
        let formats = DateFormats([format, .unixMilliseconds, .unixSeconds])
        _ = text.withUnsafeBytes { formats.date($0) }
        guard let date = text.withUnsafeBytes({ format.date($0) }) else { return }
        require(format.invalidPattern == nil, "a pattern that is refused reads dates")
        require(isPlausible(date), "\(String(decoding: text, as: UTF8.self)) is read as \(date) by \(pattern)")
    }

    /// A date that is written by a pattern is read by it.
    private static func checkWriting(_ input: inout FuzzInput) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let second = 946_684_800 + input.integer().magnitude % (1 << 32)
        let date = Date(timeIntervalSince1970: Double(second))
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        func number(_ part: Int?, _ digits: Int) -> String {
            let text = String(part ?? 0)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        let hour = parts.hour ?? 0
        let half = hour % 12 == 0 ? 12 : hour % 12
        let day: [(String, String)] = [
            ("yyyy", number(parts.year, 4)), ("MM", number(parts.month, 2)), ("dd", number(parts.day, 2)),
        ]
        let time: [(String, String)] =
            input.choice(2) == 0
            ? [("HH", number(hour, 2))] : [("hh", number(half, 2)), ("a", hour < 12 ? "AM" : "pm")]
        var fields = day + time + [("mm", number(parts.minute, 2)), ("ss", number(parts.second, 2))]
        if input.choice(2) == 0 { fields.append(("Z", ["Z", "+0000", "-00:00"][input.choice(3)])) }
        var (pattern, text) = ("", "")
        while !fields.isEmpty {
            let (letters, digits) = fields.remove(at: input.choice(fields.count))
            let separators = [("'at'", "at"), ("-", "-"), ("''", "'"), (" ", " "), (".", "."), ("'T'", "T")]
            let separator = separators[input.choice(separators.count)]
            pattern += letters + separator.0
            text += digits + separator.1
        }
        let read = DateFormats([.pattern(pattern)]).date(text)
        require(read == date, "\(text) is read as \(read.map { "\($0)" } ?? "nothing") by \(pattern), not as \(date)")
    }

    private static func checkInstant(_ microseconds: Int64) {
        let text = Timestamp.format(microseconds: microseconds)
        let date = Timestamp.date(microseconds: microseconds)
        _ = Timestamp.microseconds(of: date)
        // From 1865 to 2137, a `Date` keeps each microsecond.
        guard abs(date.timeIntervalSinceReferenceDate) < 4_294_967_295 else { return }
        require(Timestamp.microseconds(of: date) == microseconds, "\(microseconds) is another instant as a date")
        require(Timestamp.format(date) == text, "\(text) is \(Timestamp.format(date)) as a date")
    }
}
