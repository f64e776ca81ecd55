extension SQLFile {
    /// The statements of a part of the file.
    ///
    /// A semicolon ends a statement outside of strings, comments and brackets, and of the bodies that have semicolons
    /// of their own: `CREATE TRIGGER … BEGIN … END` of SQLite, `BEGIN ATOMIC … END` of PostgreSQL's functions.
    ///
    /// - Parameter range: the part; the whole file is ``all``.
    /// - Returns: the statements in their order; the last one needs no semicolon.
    /// - Throws: ``SQLFileError`` if something has no end within the part.
    public func statements(in range: Range<String.Index>) throws(SQLFileError) -> [SQLStatement] {
        var statements: [SQLStatement] = []
        var start: String.Index?
        var end = range.lowerBound
        var boundary = StatementBoundary()
        do {
            var scanner = SQLScanner(text, in: range)
            while let token = try scanner.next() {
                guard token.isSignificant else { continue }
                let isEnd = boundary.isEnd(token.kind) { Keyword(text.utf8[token.range]) }
                if isEnd {
                    if let begin = start { statements.append(statement(begin..<end)) }
                    start = nil
                } else {
                    if start == nil { start = token.range.lowerBound }
                    end = token.range.upperBound
                }
            }
        } catch {
            throw SQLFileError(file: name, position: position(of: error.index), message: error.message)
        }
        guard let begin = start else { return statements }
        guard !boundary.isInBody else {
            throw SQLFileError(
                file: name,
                position: position(of: begin),
                message: "the body that BEGIN opens in this statement has no END; it must stand behind a semicolon"
            )
        }
        statements.append(statement(begin..<end))
        return statements
    }

    private func statement(_ range: Range<String.Index>) -> SQLStatement {
        SQLStatement(text: String(text[range]), position: position(of: range.lowerBound))
    }
}
