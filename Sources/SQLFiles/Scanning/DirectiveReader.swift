/// Reads a comment that may be a directive.
struct DirectiveReader {
    private let text: String
    private let comment: Range<String.Index>
    private let lines: LineIndex

    init(_ text: String, _ comment: Range<String.Index>, _ lines: LineIndex) {
        self.text = text
        self.comment = comment
        self.lines = lines
    }

    /// The directive; `nil` for any other comment.
    func directive() throws(ScanningFault) -> SQLDirective? {
        let behind = text.utf8[comment].dropFirst(2).drop(while: ASCII.isBlank)
        guard behind.starts(with: "azu:".utf8) else { return nil }
        let rest = behind.dropFirst(4)
        let name = rest.prefix { !ASCII.isBlank($0) }
        let isName = name.allSatisfy {
            $0 < 0x80 && (ASCII.isWordPart($0) || $0 == ASCII.minus) && $0 != ASCII.dollar
        }
        guard !name.isEmpty, isName else {
            throw ScanningFault(message: "a line for azu is written -- azu:name value", index: rest.startIndex)
        }
        var value = rest[name.endIndex...].drop(while: ASCII.isBlank)
        while let last = value.last, ASCII.isBlank(last) { value = value.dropLast() }
        return SQLDirective(
            name: String(decoding: name, as: UTF8.self),
            value: String(decoding: value, as: UTF8.self),
            position: lines.position(of: comment.lowerBound, in: text),
            valuePosition: lines.position(of: value.isEmpty ? name.endIndex : value.startIndex, in: text)
        )
    }
}
