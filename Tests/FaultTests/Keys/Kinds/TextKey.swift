import Database
import TestSupport

/// Text under the collations of a database.
struct TextKey: KeyKind {
    /// How ICU compares the column.
    private enum Comparison: Sendable {
        /// As the language-independent collation that the server brings does.
        case standard
        /// Texts are equal that differ in case only; at level 1, also those that differ in accents.
        case folding(level: Int)
    }

    let type: String
    private let comparison: Comparison?
    /// The most code points that it takes.
    private let length: Int

    init(in store: Store, using random: inout SplitMix) {
        switch store {
        case .sqlite:
            type = random.pick(["TEXT", "TEXT COLLATE BINARY", "TEXT COLLATE NOCASE", "VARCHAR(40) COLLATE RTRIM"])
            comparison = nil
            length = 40
        case .postgres:
            let level = 1 + random.below(2)
            switch random.below(7) {
            case 0:
                type = "text COLLATE \"und-x-icu\""
                comparison = .standard
                length = 40
            case 1, 2:
                type = "text COLLATE \(Self.collation(level))"
                comparison = .folding(level: level)
                length = 40
            case 3:
                type = random.pick(["char(12)", "char(12) COLLATE \"C\""])
                comparison = nil
                length = 12
            default:
                type = random.pick(["text", "text COLLATE \"C\"", "varchar(40)"])
                comparison = nil
                length = 40
            }
        }
    }

    private static func collation(_ level: Int) -> String { "folding_\(level)" }

    func prepare(_ connection: any DatabaseConnection) async throws -> Bool {
        guard let comparison else { return true }
        let found = try await connection.query("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'")
        // A server that was made without ICU has none of its collations.
        guard !found.isEmpty else { return false }
        if case .folding(let level) = comparison {
            let locale = "und-u-ks-level\(level)"
            try await connection.execute(
                """
                CREATE COLLATION IF NOT EXISTS \(raw: Self.collation(level))
                (provider = icu, locale = '\(raw: locale)', deterministic = false)
                """
            )
        }
        return true
    }

    /// Both spellings of letters, text that SQL, JSON and LIKE read in their own ways, and blanks that may not count.
    private static let pieces = [
        "a", "A", "b", "B", "z", "Z", "ä", "a\u{308}", "é", "e\u{301}", "É", "ß", "ss", "ﬁ", "fi", "ı", "İ", "Ω", "ø",
        "日本", "が", "か\u{3099}", "🐢", "👩\u{200D}👧", "\u{1F1E9}\u{1F1EA}",
        "'", "''", "\"", ",", ";", "%", "_", "\\", "\\n", "$1", "?", "{", "}", "[]", "()",
        "NULL", "null", "true", "-1", "0", "00", "10", "9", "1e3",
        " ", "  ", "\t", "\n", "\r\n", "\u{1}", "\u{1F}", "\u{7F}", "\u{A0}", "\u{AD}",
        "\u{200B}", "\u{2028}", "\u{FEFF}", "\u{FFFD}", "\u{FFFF}", "\u{10FFFF}",
    ]

    func value(using random: inout SplitMix) -> Value {
        let pieces = random.below(5)
        var text = ""
        for _ in 0..<pieces { text += random.pick(Self.pieces) }
        if random.chance(60) { text += String(random.below(200)) }
        if random.chance(15) { text += String(repeating: " ", count: 1 + random.below(3)) }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(length) { scalars.append(scalar) }
        return .text(String(scalars))
    }
}
