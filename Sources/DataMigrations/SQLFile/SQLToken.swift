/// A word, a name or a sign of a statement, and how deep in brackets it stands.
///
/// What is read was read by ``/SQLFiles/SQLFile`` before: strings and comments have an end.
struct SQLToken: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// A keyword, or a name without quotes.
        case word
        /// A name in quotes.
        case quotedName
        /// Text in quotes.
        case string
        /// A number.
        case number
        /// `{range}`, with what stands between the brackets.
        case placeholder(String)
        /// Any other character.
        case sign(UInt8)
    }

    let kind: Kind
    /// Where it stands, in bytes of UTF-8.
    let range: Range<Int>
    /// In how many brackets it stands; a bracket stands outside of itself.
    let depth: Int
}

/// Reads the tokens of a statement, comments left out.
struct SQLTokenizer {
    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The tokens of a statement, in their order.
    static func tokens(_ bytes: [UInt8]) -> [SQLToken] {
        var reader = SQLTokenizer(bytes)
        var tokens: [SQLToken] = []
        while let token = reader.next() { tokens.append(token) }
        return tokens
    }

    private mutating func next() -> SQLToken? {
        skipBlanks()
        guard index < bytes.count else { return nil }
        let start = index
        if bytes[start] == UInt8(ascii: ")") { depth = max(0, depth - 1) }
        let own = depth
        let kind = kind()
        if kind == .sign(UInt8(ascii: "(")) { depth += 1 }
        return SQLToken(kind: kind, range: start..<index, depth: own)
    }

    /// Reads one, and goes behind it.
    private mutating func kind() -> SQLToken.Kind {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "'"):
            skip(quote: byte, escapes: false)
            return .string
        case UInt8(ascii: "\""), UInt8(ascii: "`"):
            skip(quote: byte, escapes: false)
            return .quotedName
        case UInt8(ascii: "$"): return skipDollarQuote() ? .string : sign(byte)
        case UInt8(ascii: "{"): return placeholder() ?? sign(byte)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            skip { Self.isWord($0) || $0 == UInt8(ascii: ".") }
            return .number
        case _ where Self.isWord(byte):
            let start = index
            skip { Self.isWord($0) || $0 == UInt8(ascii: "$") }
            // E'…' has escapes.
            guard index == start + 1, byte | 0x20 == UInt8(ascii: "e"), peek == UInt8(ascii: "'") else { return .word }
            skip(quote: UInt8(ascii: "'"), escapes: true)
            return .string
        default: return sign(byte)
        }
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func sign(_ byte: UInt8) -> SQLToken.Kind {
        index += 1
        return .sign(byte)
    }

    private mutating func skip(while isPart: (UInt8) -> Bool) {
        while index < bytes.count, isPart(bytes[index]) { index += 1 }
    }

    private mutating func skipBlanks() {
        while let byte = peek {
            if byte <= 0x20 {
                index += 1
            } else if starts(with: "--") {
                skip { $0 != 10 && $0 != 13 }
            } else if starts(with: "/*") {
                skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() {
        var open = 0
        repeat {
            if starts(with: "/*") {
                open += 1
                index += 2
            } else if starts(with: "*/") {
                open -= 1
                index += 2
            } else {
                index += 1
            }
        } while open > 0 && index < bytes.count
    }

    /// Goes behind the quote that ends what begins here; a doubled one is part of it.
    private mutating func skip(quote: UInt8, escapes: Bool) {
        index += 1
        while index < bytes.count {
            if escapes, bytes[index] == UInt8(ascii: "\\") {
                index += 2
            } else if bytes[index] != quote {
                index += 1
            } else if index + 1 < bytes.count, bytes[index + 1] == quote {
                index += 2
            } else {
                break
            }
        }
        index = min(bytes.count, index + 1)
    }

    /// Goes behind `$tag$ … $tag$`.
    private mutating func skipDollarQuote() -> Bool {
        var end = index + 1
        while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
        let isNumber = index + 1 < bytes.count && (48...57).contains(bytes[index + 1])
        guard end < bytes.count, bytes[end] == UInt8(ascii: "$"), !isNumber else { return false }
        let tag = bytes[index...end]
        var place = end + 1
        while place + tag.count <= bytes.count {
            if bytes[place] == UInt8(ascii: "$"), bytes[place..<place + tag.count].elementsEqual(tag) {
                index = place + tag.count
                return true
            }
            place += 1
        }
        return false
    }

    /// `{name}`, as ``/SQLFiles/SQLFile/placeholders(in:)`` reads it.
    private mutating func placeholder() -> SQLToken.Kind? {
        var end = index + 1
        let marks = [UInt8(ascii: "."), UInt8(ascii: ":")]
        while end < bytes.count, bytes[end] < 0x80, Self.isWord(bytes[end]) || marks.contains(bytes[end]) { end += 1 }
        let name = bytes[(index + 1)..<end]
        guard let first = name.first, !(48...57).contains(first), !marks.contains(first), end < bytes.count,
            bytes[end] == UInt8(ascii: "}")
        else { return nil }
        index = end + 1
        return .placeholder(String(decoding: name, as: UTF8.self))
    }

    private func starts(with text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[index...].starts(with: $0) }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
