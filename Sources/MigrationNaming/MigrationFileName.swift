/// The name of a data migration's file in its parts: `20240101120000_data_backfill_user_slugs.swift` is the version
/// `20240101120000` and the name `backfill_user_slugs`, and declares the type `BackfillUserSlugs`.
///
/// `20240101120000_data_normalize_emails.sql` is the same in SQL, and declares nothing.
public struct MigrationFileName: Sendable, Hashable {
    /// What a migration is written in.
    public enum Language: String, Sendable, Hashable, CaseIterable {
        /// Swift.
        case swift
        /// SQL.
        case sql
    }

    /// A date and time in UTC, `yyyymmddHHMMSS`; migrations run in its order.
    public let version: String
    /// What the migration does, in snake case.
    public let name: String
    /// What it is written in.
    public let language: Language

    /// Puts a name together out of its parts.
    public init(version: String, name: String, language: Language = .swift) throws(InvalidMigrationName) {
        guard Self.isName(name) else { throw .shape }
        guard Self.isVersion(version) else { throw .version(version) }
        self.version = version
        self.name = name
        self.language = language
    }

    /// Takes a file's name, without its folder, apart.
    public init(parsing fileName: String) throws(InvalidMigrationName) {
        let separator = "_data_"
        let version = fileName.prefix { $0.isASCII && $0.isNumber }
        let rest = fileName.dropFirst(version.count)
        guard version.count == 14, rest.hasPrefix(separator),
            let language = Language.allCases.first(where: { rest.hasSuffix(Self.suffix($0)) })
        else { throw .shape }
        try self.init(
            version: String(version),
            name: String(rest.dropFirst(separator.count).dropLast(Self.suffix(language).count)),
            language: language
        )
    }

    /// The name of the file.
    public var fileName: String { "\(version)_data_\(name)\(Self.suffix(language))" }

    /// The name of the type that the file declares, if it is in Swift.
    public var typeName: String {
        name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// Whether `text` is snake case: words of small ASCII letters and digits with single underscores between them,
    /// beginning with a letter.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        let words = text.split(separator: "_", omittingEmptySubsequences: false)
        return words.allSatisfy { word in
            !word.isEmpty && word.utf8.allSatisfy { isSmallLetter($0) || isDigit($0) }
        }
    }

    /// Whether `text` is fourteen digits that are a date and time of the calendar.
    public static func isVersion(_ text: String) -> Bool {
        let digits = text.utf8.map { Int($0) - Int(UInt8(ascii: "0")) }
        guard digits.count == 14, digits.allSatisfy({ (0...9).contains($0) }) else { return false }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        let (year, month) = (number(0..<4), number(4..<6))
        return year > 0 && (1...12).contains(month)
            && (1...days(inMonth: month, year: year)).contains(number(6..<8))
            && number(8..<10) < 24 && number(10..<12) < 60 && number(12..<14) < 60
    }

    private static func suffix(_ language: Language) -> String { ".\(language.rawValue)" }

    private static func isSmallLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func days(inMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
