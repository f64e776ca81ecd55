/// A piece of SQL, as large as is needed to know where strings, comments and statements end.
struct SQLToken {
    /// What it is.
    enum Kind: Hashable {
        case blank
        case lineComment
        case blockComment
        /// A string, a quoted name, or a dollar quote.
        case quoted
        /// A name or a keyword.
        case word
        /// Digits and what belongs to them; a parameter's number.
        case number
        /// Any other byte.
        case punctuation(UInt8)
    }

    var kind: Kind
    var range: Range<String.Index>

    /// Whether it means something to the database.
    var isSignificant: Bool {
        switch kind {
        case .blank, .lineComment, .blockComment: false
        case .quoted, .word, .number, .punctuation: true
        }
    }
}

/// What the scanner can't read, and where it stands.
struct ScanningFault: Error {
    var message: String
    var index: String.Index
}
