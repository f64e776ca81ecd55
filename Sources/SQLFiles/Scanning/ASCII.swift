/// The bytes that have a meaning in SQL.
enum ASCII {
    static let backslash = UInt8(ascii: "\\")
    static let closeBrace = UInt8(ascii: "}")
    static let closeBracket = UInt8(ascii: ")")
    static let colon = UInt8(ascii: ":")
    static let dollar = UInt8(ascii: "$")
    static let dot = UInt8(ascii: ".")
    static let minus = UInt8(ascii: "-")
    static let openBrace = UInt8(ascii: "{")
    static let openBracket = UInt8(ascii: "(")
    static let quote = UInt8(ascii: "'")
    static let semicolon = UInt8(ascii: ";")
    static let slash = UInt8(ascii: "/")
    static let star = UInt8(ascii: "*")
    static let underscore = UInt8(ascii: "_")

    /// Whether a byte ends a line.
    static func isNewline(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }

    /// Whether a byte is a blank: space, tab, newline, form feed.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    /// Whether a byte is a digit.
    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Whether a byte begins a name: a letter, `_`, or a part of a letter beyond ASCII.
    static func isWordStart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == underscore || byte >= 0x80
    }

    /// Whether a byte goes on with a name.
    static func isWordPart(_ byte: UInt8) -> Bool { isWordStart(byte) || isDigit(byte) || byte == dollar }
}
