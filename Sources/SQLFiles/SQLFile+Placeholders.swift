extension SQLFile {
    /// Where `{name}` placeholders stand, outside of strings, quoted names and comments.
    ///
    /// A name begins with a letter or `_`; letters, digits, `_`, `.` and `:` follow. There are no blanks inside.
    ///
    /// - Parameter range: the part of the file to look at; the whole file is ``all``.
    /// - Returns: the placeholders in their order, each with its name, and where it stands with its braces.
    public func placeholders(
        in range: Range<String.Index>
    ) -> [(name: String, range: Range<String.Index>, position: SQLPosition)] {
        var found: [(name: String, range: Range<String.Index>, position: SQLPosition)] = []
        var scanner = SQLScanner(text, in: range)
        // The file was read once already: only a part that is cut in the middle of a string can have no end.
        while let token = try? scanner.next() {
            guard token.kind == .punctuation(ASCII.openBrace) else { continue }
            let rest = text.utf8[token.range.upperBound..<range.upperBound]
            let name = rest.prefix {
                ASCII.isWordPart($0) && $0 < 0x80 && $0 != ASCII.dollar || $0 == ASCII.dot || $0 == ASCII.colon
            }
            guard let first = name.first, ASCII.isWordStart(first), name.endIndex < rest.endIndex,
                rest[name.endIndex] == ASCII.closeBrace
            else { continue }
            let end = text.utf8.index(after: name.endIndex)
            scanner.index = end
            found.append(
                (
                    String(decoding: name, as: UTF8.self), token.range.lowerBound..<end,
                    position(of: token.range.lowerBound)
                )
            )
        }
        return found
    }
}
