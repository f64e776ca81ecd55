import SQLFiles

/// Reads the statements of a part of a file, and checks that they fit its header.
struct BodyReader {
    private let file: SQLFile
    private let rows: SQLHeader.Rows
    private let known: KnownPlaceholders

    init(_ file: SQLFile, _ rows: SQLHeader.Rows, _ known: KnownPlaceholders) {
        self.file = file
        self.rows = rows
        self.known = known
    }

    /// The body that stands in a part of the file.
    ///
    /// - Parameters:
    ///   - range: the part.
    ///   - isDown: whether it is the way back, which may do without the table of the way there.
    /// - Returns: the body.
    /// - Throws: ``/SQLFiles/SQLFileError``.
    func body(_ range: Range<String.Index>, isDown: Bool) throws(SQLFileError) -> SQLBody {
        let statements = try file.statements(in: range).map { FileStatement($0, in: file.name) }
        guard let first = statements.first else {
            throw error("there is no statement", file.position(of: range.lowerBound))
        }
        for statement in statements { try refuseControl(of: statement) }
        let place = try placeOfRange(range)
        let isRanged = statements.contains { !$0.ranges.isEmpty }
        guard let table = rows.table else {
            if place != nil || isRanged {
                let problem = "{range} is about the rows of a table; say which: -- azu:table NAME"
                throw error(problem, place ?? first.position)
            }
            guard rows.filters.isEmpty, rows.key.isEmpty else {
                let problem = "azu:where and azu:key are about the rows of a table; say which: -- azu:table NAME"
                throw error(problem, first.position)
            }
            return SQLBody(statements: statements)
        }
        guard isRanged else {
            // The way back may do without the table of the way there.
            if isDown, rows.position == nil, rows.filters.isEmpty { return SQLBody(statements: statements) }
            throw error(
                "with azu:table, the SQL runs for each batch of its rows: say WHERE {range} where they are meant; without "
                    + "azu:table it runs once, in one transaction",
                first.position
            )
        }
        for statement in statements { try refuseUnbounded(statement) }
        return SQLBody(table: table, key: rows.key, filter: filter, statements: statements)
    }

    private var filter: SQLTemplate? {
        guard !rows.filters.isEmpty else { return nil }
        let filters = rows.filters
        return SQLTemplate(filters.count == 1 ? filters[0] : filters.map { "(\($0))" }.joined(separator: " AND "))
    }

    /// Where the first `{range}` stands; `nil` if there is none.
    ///
    /// - Throws: ``/SQLFiles/SQLFileError`` for a placeholder that there is not.
    private func placeOfRange(_ range: Range<String.Index>) throws(SQLFileError) -> SQLPosition? {
        var first: SQLPosition?
        for found in file.placeholders(in: range) {
            let parts = found.name.split(separator: ":", omittingEmptySubsequences: false)
            if parts[0] == SQLBody.range, parts.count <= 2, !parts.contains("") {
                first = first ?? found.position
            } else if let problem = known.problem(with: found.name, besides: [Self.range]) {
                throw error(problem, found.position)
            }
        }
        return first
    }

    /// `{range}`, for a person.
    private static let range = "{range} (the batch's rows; {range:u} where the table is called u)"

    /// azu begins and ends the transaction.
    private func refuseControl(of statement: FileStatement) throws(SQLFileError) {
        let word = statement.firstWord
        guard Self.control.contains(word) else { return }
        throw error("azu begins and ends the transaction itself; leave \(word) out", statement.position)
    }

    private static let control: Set<String> = [
        "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE",
    ]

    /// What writes without `{range}` would do so for each batch anew.
    private func refuseUnbounded(_ statement: FileStatement) throws(SQLFileError) {
        guard statement.ranges.isEmpty, [.update, .delete, .insert, .upsert].contains(statement.shape.verb) else {
            return
        }
        throw error(
            "this statement has no {range}, so it would do the same again for each batch; say WHERE {range} in it, or put it "
                + "into a file of its own",
            statement.position
        )
    }

    private func error(_ message: String, _ position: SQLPosition) -> SQLFileError {
        SQLFileError(file: file.name, position: position, message: message)
    }
}
