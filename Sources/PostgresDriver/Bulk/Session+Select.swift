import Database

extension Session {
    /// Reads rows by their keys, in one statement.
    ///
    ///     SELECT "id", "slug" FROM (SELECT t.* FROM "users" AS t, unnest($1::bigint[]) AS v(c1)
    ///     WHERE t."id" = v.c1 AND t."id" BETWEEN $2 AND $3) AS t
    ///     -- keys without a gap
    ///     SELECT "id", "slug" FROM "users" AS t WHERE "id" BETWEEN $1 AND $2
    func add(_ select: BulkSelect, to line: inout Pipeline) throws {
        guard select.selection.allSatisfy({ $0.values.isEmpty }) else {
            throw DatabaseError(.misuse, "what is selected by keys can't have values bound")
        }
        guard select.count > 0 else { return try line.set(StatementResult(rows: Rows(columns: []))) }
        if let (first, last) = try consecutiveKeys(of: select, in: &line) {
            var command = Command(sql: rangeText(of: select), result: .rows)
            try bind([.integer(first), .integer(last)], to: &command, in: &line)
            return line.add(command)
        }
        let (arrays, range) = try finders(select.keys, of: select.keyColumns, select.table, in: &line)
        line.add(try command(text(of: select, arrays, range), arrays, range.parameters, result: .rows, in: &line))
    }

    /// What the statement runs as.
    func text(of select: BulkSelect, in line: inout Pipeline) throws -> String {
        if try consecutiveKeys(of: select, in: &line) != nil { return rangeText(of: select) }
        let (arrays, range) = try finders(select.keys, of: select.keyColumns, select.table, in: &line)
        return text(of: select, arrays, range)
    }

    /// The first and the last key, where they are all integers between, of an integer column.
    private func consecutiveKeys(
        of select: BulkSelect,
        in line: inout Pipeline
    ) throws -> (first: Int64, last: Int64)? {
        let type = try columns(of: select.table, in: &line).key(select.keyColumns[0], of: select.table).type
        return [TypeID.int2, TypeID.int4, TypeID.int8].contains(type) ? select.consecutiveKeys : nil
    }

    private func rangeText(of select: BulkSelect) -> String {
        let columns = select.selection.map { $0.rendered(for: dialect).text }.joined(separator: ", ")
        let key = dialect.quoted(column: select.keyColumns[0])
        return """
            SELECT \(columns) FROM \(dialect.quoted(select.table)) AS t WHERE \(key) BETWEEN $1 AND $2\
            \(select.locks ? " FOR UPDATE OF t" : "")
            """
    }

    private func text(of select: BulkSelect, _ arrays: BulkColumns, _ range: KeyRange) -> String {
        let columns = select.selection.map { $0.rendered(for: dialect).text }.joined(separator: ", ")
        // Within the subquery, the names of the arrays' columns hide none of the table's.
        return """
            SELECT \(columns) FROM (SELECT t.* FROM \(dialect.quoted(select.table)) AS t, \
            \(found(by: select.keyColumns, arrays))\(range.condition)\(select.locks ? " FOR UPDATE OF t" : "")) AS t
            """
    }
}

extension BulkSelect {
    /// The first and the last key, where the keys are integers of which none is left out: new rows have such keys.
    fileprivate var consecutiveKeys: (first: Int64, last: Int64)? {
        guard keyColumns.count == 1, case .integer(let first)? = keys.first, case .integer(let last)? = keys.last,
            last.subtractingReportingOverflow(first).partialValue == Int64(keys.count) - 1
        else { return nil }
        var next = first
        for key in keys {
            guard case .integer(next) = key else { return nil }
            next &+= 1
        }
        return (first, last)
    }
}
