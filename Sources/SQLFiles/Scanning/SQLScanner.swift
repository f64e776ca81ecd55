/// Takes SQL apart into tokens.
///
/// It knows what both databases know, and where they differ what misreads neither: `E'…'` has backslashes, block
/// comments are nested, `$tag$` quotes.
struct SQLScanner {
    private let utf8: String.UTF8View
    private let end: String.Index
    /// Where the next token begins.
    var index: String.Index

    init(_ text: String) { self.init(text, in: text.startIndex..<text.endIndex) }

    init(_ text: String, in range: Range<String.Index>) {
        utf8 = text.utf8
        index = range.lowerBound
        end = range.upperBound
    }

    /// The next token; `nil` behind the last one.
    mutating func next() throws(ScanningFault) -> SQLToken? {
        guard index < end else { return nil }
        let start = index
        let kind = try scan(advance())
        return SQLToken(kind: kind, range: start..<index)
    }

    private mutating func scan(_ first: UInt8) throws(ScanningFault) -> SQLToken.Kind {
        let start = utf8.index(before: index)
        switch first {
        case _ where ASCII.isBlank(first):
            skip(while: ASCII.isBlank)
            return .blank
        case ASCII.minus where peek() == ASCII.minus:
            skip { !ASCII.isNewline($0) }
            return .lineComment
        case ASCII.slash where peek() == ASCII.star:
            try skipBlockComment(from: start)
            return .blockComment
        case ASCII.quote:
            try skipQuoted(by: first, "a string", from: start)
            return .quoted
        case UInt8(ascii: "\""), UInt8(ascii: "`"):
            try skipQuoted(by: first, "a quoted name", from: start)
            return .quoted
        case ASCII.dollar:
            return try scanDollar(from: start)
        case _ where ASCII.isWordStart(first):
            // A word of one letter, and a string right behind it: `E'it\'s'`.
            if first | 0x20 == UInt8(ascii: "e"), peek() == ASCII.quote {
                advance()
                try skipEscaped(from: start)
                return .quoted
            }
            skip(while: ASCII.isWordPart)
            return .word
        case _ where ASCII.isDigit(first):
            skip { ASCII.isDigit($0) || ASCII.isWordStart($0) || $0 == ASCII.dot }
            return .number
        default: return .punctuation(first)
        }
    }

    private mutating func skipBlockComment(from start: String.Index) throws(ScanningFault) {
        advance()
        var depth = 1
        while depth > 0 {
            guard index < end else {
                throw ScanningFault(message: "a comment begins here and has no end", index: start)
            }
            switch (advance(), peek()) {
            case (ASCII.slash, ASCII.star):
                advance()
                depth += 1
            case (ASCII.star, ASCII.slash):
                advance()
                depth -= 1
            default: break
            }
        }
    }

    /// Goes behind the closing quote; a doubled one is none.
    private mutating func skipQuoted(
        by quote: UInt8,
        _ what: String,
        from start: String.Index
    ) throws(ScanningFault) {
        while true {
            skip { $0 != quote }
            guard index < end else { throw ScanningFault(message: "\(what) begins here and has no end", index: start) }
            advance()
            guard peek() == quote else { return }
            advance()
        }
    }

    /// The same for a string in which a backslash takes a quote's meaning away.
    private mutating func skipEscaped(from start: String.Index) throws(ScanningFault) {
        while index < end {
            switch advance() {
            case ASCII.backslash where index < end: advance()
            case ASCII.quote where peek() == ASCII.quote: advance()
            case ASCII.quote: return
            default: break
            }
        }
        throw ScanningFault(message: "a string begins here and has no end", index: start)
    }

    /// A dollar quote, the number of a parameter, or a dollar.
    private mutating func scanDollar(from start: String.Index) throws(ScanningFault) -> SQLToken.Kind {
        if let next = peek(), ASCII.isDigit(next) {
            skip(while: ASCII.isDigit)
            return .number
        }
        let behind = index
        if let next = peek(), ASCII.isWordStart(next) { skip { ASCII.isWordPart($0) && $0 != ASCII.dollar } }
        guard peek() == ASCII.dollar else {
            index = behind
            return .punctuation(ASCII.dollar)
        }
        advance()
        let tag = utf8[start..<index]
        while index < end {
            skip { $0 != ASCII.dollar }
            if utf8[index..<end].starts(with: tag) {
                index = utf8.index(index, offsetBy: tag.count)
                return .quoted
            }
            if index < end { advance() }
        }
        let quote = String(decoding: tag, as: UTF8.self)
        throw ScanningFault(message: "a string in \(quote) begins here and has no end", index: start)
    }

    private func peek() -> UInt8? { index < end ? utf8[index] : nil }

    @discardableResult
    private mutating func advance() -> UInt8 {
        let byte = utf8[index]
        utf8.formIndex(after: &index)
        return byte
    }

    private mutating func skip(while condition: (UInt8) -> Bool) {
        while index < end, condition(utf8[index]) { utf8.formIndex(after: &index) }
    }
}
