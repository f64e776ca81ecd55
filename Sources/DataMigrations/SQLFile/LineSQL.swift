import SQLFiles

/// SQL that stands on the line of a directive.
struct LineSQL {
    private let directive: SQLDirective
    private let file: String

    init(_ directive: SQLDirective, in file: SQLFile) {
        self.directive = directive
        self.file = file.name
    }

    /// A condition.
    ///
    /// - Throws: ``/SQLFiles/SQLFileError`` if it could not be put between brackets.
    func condition() throws(SQLFileError) -> String {
        let statement = try one(as: "a condition, as in -- azu:where slug IS NULL")
        return statement.text
    }

    /// The placeholders on the line.
    ///
    /// - Parameters:
    ///   - known: those that there are.
    ///   - isCondition: whether the line is a condition, which may name the table.
    /// - Returns: their names.
    /// - Throws: ``/SQLFiles/SQLFileError`` for one that there is not.
    func placeholders(_ known: KnownPlaceholders, isCondition: Bool) throws(SQLFileError) -> [String] {
        let line = try read()
        let found = line.placeholders(in: line.all)
        let own = isCondition ? ["{\(SQLBody.row)} (the table, as in {\(SQLBody.row)}.id)"] : []
        let place = " in \(isCondition ? "a condition" : "azu:\(directive.name)")"
        for placeholder in found where !isCondition || placeholder.name != SQLBody.row {
            guard let problem = known.problem(with: placeholder.name, besides: own, in: place) else { continue }
            throw error(problem, placeholder.position)
        }
        return found.map(\.name)
    }

    /// A query.
    ///
    /// - Throws: ``/SQLFiles/SQLFileError`` if it is none, or one that always finds a row.
    func query() throws(SQLFileError) -> String {
        let form =
            "a query that finds nothing when all is right, as in -- azu:verify SELECT id FROM users WHERE slug IS NULL"
        let statement = try one(as: form)
        let bytes = Array(statement.text.utf8)
        let words = SQLTokenizer.tokens(bytes).compactMap { token in
            token.kind == .word ? String(decoding: bytes[token.range], as: UTF8.self).uppercased() : nil
        }
        guard let verb = words.first, ["SELECT", "WITH", "VALUES", "TABLE"].contains(verb),
            SQLShape(reading: statement.text).verb == .read
        else { throw error("azu:verify takes \(form)", statement.position) }
        let counts = verb == "SELECT" && words.dropFirst().first == "COUNT"
        if counts, !words.contains("HAVING"), !words.contains("GROUP") {
            throw error(
                "azu:verify takes a query that finds nothing when all is right, and a count is always found; select the "
                    + "rows that are wrong, or add HAVING count(*) > 0",
                statement.position
            )
        }
        return statement.text
    }

    /// The one statement on the line.
    private func one(as form: String) throws(SQLFileError) -> SQLStatement {
        let line: SQLFile
        let statements: [SQLStatement]
        do {
            line = try read()
            statements = try line.statements(in: line.text.startIndex..<line.text.endIndex)
        } catch {
            throw self.error(error.message, error.position)
        }
        guard let statement = statements.first else {
            throw SQLFileError(
                file: file,
                position: directive.valuePosition,
                message: "azu:\(directive.name) takes \(form)"
            )
        }
        if statements.count > 1 {
            throw error("a semicolon ends what azu:\(directive.name) takes", statements[1].position)
        }
        var depth = 0
        for token in SQLTokenizer.tokens(Array(statement.text.utf8)) {
            if token.kind == .sign(UInt8(ascii: "(")) { depth += 1 }
            if token.kind == .sign(UInt8(ascii: ")")) { depth -= 1 }
            if depth < 0 { break }
        }
        guard depth == 0 else {
            throw error("the brackets of azu:\(directive.name) don't match", statement.position)
        }
        return statement
    }

    private func read() throws(SQLFileError) -> SQLFile { try SQLFile(directive.value, name: file) }

    /// An error with its place on the line put into the file.
    private func error(_ message: String, _ position: SQLPosition) -> SQLFileError {
        var place = directive.valuePosition
        place.column += position.column - 1
        return SQLFileError(file: file, position: place, message: message)
    }
}
