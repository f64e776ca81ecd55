/// A file of SQL in its parts: lines for azu, statements, placeholders.
///
/// It is read as PostgreSQL and SQLite read it, by bytes: to both, a quote with an accent behind it is a quote.
///
///     let file = try SQLFile(text, name: "db/migrations/20240101120000_create_users.sql")
///     let up = file.part("up", among: ["up", "down"])
public struct SQLFile: Sendable {
    /// The file, as a person finds it: the path below the project's root.
    public let name: String
    /// What is in it, without a byte order mark.
    public let text: String
    /// The directives, in their order.
    ///
    /// A directive is a line comment that begins a line, with blanks before it or none, outside of strings and block
    /// comments.
    public let directives: [SQLDirective]

    /// Where the comment of each directive stands.
    let directiveRanges: [Range<String.Index>]
    private let lines: LineIndex

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - text: what is in it.
    ///   - name: the file, for messages: the path below the project's root.
    /// - Throws: ``SQLFileError`` where a string, a quoted name, a comment or a dollar quote has no end, or a directive
    ///   no name.
    public init(_ text: String, name: String) throws(SQLFileError) {
        var text = text
        if text.unicodeScalars.first == "\u{FEFF}" { text = String(text.unicodeScalars.dropFirst()) }
        text.makeContiguousUTF8()
        let lines = LineIndex(text)
        var directives: [SQLDirective] = []
        var ranges: [Range<String.Index>] = []
        do {
            var scanner = SQLScanner(text)
            var beginsLine = true
            while let token = try scanner.next() {
                switch token.kind {
                case .blank:
                    if text.utf8[token.range].contains(where: ASCII.isNewline) { beginsLine = true }
                case .lineComment where beginsLine:
                    if let directive = try DirectiveReader(text, token.range, lines).directive() {
                        directives.append(directive)
                        ranges.append(token.range)
                    }
                default: beginsLine = false
                }
            }
        } catch {
            throw SQLFileError(file: name, position: lines.position(of: error.index, in: text), message: error.message)
        }
        self.name = name
        self.text = text
        self.directives = directives
        directiveRanges = ranges
        self.lines = lines
    }

    /// Where an index stands.
    ///
    /// - Parameter index: an index of ``text``.
    /// - Returns: its line and column.
    public func position(of index: String.Index) -> SQLPosition { lines.position(of: index, in: text) }
}
