import Database

extension Session {
    /// Reads rows by their keys, in one statement.
    ///
    ///     SELECT "id", "slug" FROM (SELECT t.* FROM "users" AS t, unnest($1::bigint[]) AS v(c1)
    ///     WHERE t."id" = v.c1 AND t."id" BETWEEN $2 AND $3) AS t
    ///     -- keys without a gap
    ///     SELECT "id", "slug" FROM "users" AS t WHERE "id" BETWEEN $1 AND $2
    func add(_ select: BulkSelect, to line: inout Pipeline) throws {
        let selection = select.selection.map { $0.rendered(for: dialect) }
        guard selection.allSatisfy({ $0.values.isEmpty }) else {
            throw DatabaseError(.misuse, "what is selected by keys can't have values bound")
        }
        guard select.count > 0 else { return try line.set(StatementResult(rows: Rows(columns: []))) }
        let columns = selection.map { $0.text }.joined(separator: ", ")
        let lock = select.locks ? " FOR UPDATE OF t" : ""
        let type = try self.columns(of: select.table, in: &line).key(select.keyColumns[0], of: select.table).type
        if let (first, last) = select.consecutiveKeys, [TypeID.int2, TypeID.int4, TypeID.int8].contains(type) {
            let key = dialect.quoted(column: select.keyColumns[0])
            var command = Command(
                sql: """
                    SELECT \(columns) FROM \(dialect.quoted(select.table)) AS t WHERE \(key) BETWEEN $1 AND $2\(lock)
                    """,
                result: .rows
            )
            try bind([.integer(first), .integer(last)], to: &command, in: &line)
            return line.add(command)
        }
        let (arrays, range) = try finders(select.keys, of: select.keyColumns, select.table, in: &line)
        // Within the subquery, the names of the arrays' columns hide none of the table's.
        let sql = """
            SELECT \(columns) FROM (SELECT t.* FROM \(dialect.quoted(select.table)) AS t, \
            \(found(by: select.keyColumns, arrays))\(range.condition)\(lock)) AS t
            """
        line.add(try command(sql, arrays, range.parameters, result: .rows, in: &line))
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
            next += 1
        }
        return (first, last)
    }
}
