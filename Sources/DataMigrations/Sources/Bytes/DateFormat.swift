import Database
import Foundation

/// How a file writes a date.
///
/// It is read strictly: each part in its range, nothing left over.
public struct DateFormat: Sendable, Hashable {
    private enum Kind: Hashable {
        case iso8601
        case seconds(perUnit: Double)
        case pattern(String, DatePattern?)
    }

    private let kind: Kind

    /// `2024-01-31`, `2024-01-31 23:59`, `2024-01-31T23:59:59.123Z`, `… +02:00`; UTC where no zone is given.
    public static let iso8601 = DateFormat(kind: .iso8601)

    /// Seconds since 1970, with or without a fraction.
    public static let unixSeconds = DateFormat(kind: .seconds(perUnit: 1))

    /// Milliseconds since 1970.
    public static let unixMilliseconds = DateFormat(kind: .seconds(perUnit: 1000))

    /// A pattern of Unicode's letters: `dd.MM.yyyy HH:mm`.
    ///
    /// - `yyyy`: the year. `MM`, `dd`: month and day as two digits; `M`, `d`: one or two.
    /// - `HH`, `mm`, `ss`: the time of a day of 24 hours; `H`: one or two digits. `hh` or `h` with `a`: AM or PM.
    /// - `SSS`: a fraction of a second of as many digits.
    /// - `Z`: `Z`, `+0200` or `+02:00`. Without it, the text is taken as UTC.
    /// - Letters between `'` stand for themselves, `''` for a `'`, and so does whatever is no letter.
    ///
    /// A pattern that has other letters, or no date, is refused when the file is opened.
    public static func pattern(_ pattern: String) -> DateFormat {
        DateFormat(kind: .pattern(pattern, DatePattern(pattern)))
    }

    /// The pattern, if it can't be read.
    var invalidPattern: String? {
        if case .pattern(let text, nil) = kind { text } else { nil }
    }

    /// Whether numbers are dates.
    var takesNumbers: Bool {
        if case .seconds = kind { true } else { false }
    }

    func date(_ bytes: UnsafeRawBufferPointer) -> Date? {
        switch kind {
        case .iso8601: Timestamp.parse(bytes)
        case .pattern(_, let pattern): pattern?.date(bytes)
        case .seconds:
            // No `inf`, no `0x10`.
            bytes.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == 0x2d || $0 == 0x2e }
                ? Double(String(decoding: bytes, as: UTF8.self)).flatMap(date(number:)) : nil
        }
    }

    func date(number: Double) -> Date? {
        if case .seconds(let perUnit) = kind { Date(timeIntervalSince1970: number / perUnit) } else { nil }
    }
}

/// The formats that a source's dates may have, tried in turn.
struct DateFormats: Sendable {
    let formats: [DateFormat]

    init(_ formats: [DateFormat]) { self.formats = formats.isEmpty ? [.iso8601] : formats }

    /// - Throws: ``FileSourceError`` if a pattern can't be read.
    func check(for file: SourceFile) throws {
        guard let pattern = formats.lazy.compactMap(\.invalidPattern).first else { return }
        throw file.error("the date pattern \"\(pattern)\" is not understood: it takes yyyy MM dd HH mm ss SSS a Z")
    }

    func date(_ bytes: UnsafeRawBufferPointer) -> Date? {
        for format in formats {
            if let date = format.date(bytes) { return date }
        }
        return nil
    }

    func date(_ text: String) -> Date? {
        var text = text
        return text.withUTF8 { date(UnsafeRawBufferPointer($0)) }
    }

    func date(number: Double) -> Date? { formats.lazy.compactMap { $0.date(number: number) }.first }

    /// Whether JSON's numbers are dates.
    var takeNumbers: Bool { formats.contains(where: \.takesNumbers) }
}
