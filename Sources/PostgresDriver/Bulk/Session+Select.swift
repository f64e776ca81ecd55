import Database

extension Session {
    /// Reads rows by their keys, in one statement.
    ///
    ///     SELECT "id", "slug" FROM (SELECT t.* FROM "users" AS t, unnest($1::bigint[]) AS v(c1)
    ///     WHERE t."id" = v.c1 AND t."id" BETWEEN $2 AND $3) AS t
    func add(_ select: BulkSelect, to line: inout Pipeline) throws {
        let selection = select.selection.map { $0.rendered(for: dialect) }
        guard selection.allSatisfy({ $0.values.isEmpty }) else {
            throw DatabaseError(.misuse, "what is selected by keys can't have values bound")
        }
        guard select.count > 0 else { return try line.set(StatementResult(rows: Rows(columns: []))) }
        let (arrays, range) = try finders(select.keys, of: select.keyColumns, select.table, in: &line)
        // Within the subquery, the names of the arrays' columns hide none of the table's.
        let sql = """
            SELECT \(selection.map { $0.text }.joined(separator: ", ")) FROM (SELECT t.* FROM \
            \(dialect.quoted(select.table)) AS t, \(found(by: select.keyColumns, arrays))\(range.condition)\
            \(select.locks ? " FOR UPDATE OF t" : "")) AS t
            """
        line.add(try command(sql, arrays, range.parameters, result: .rows, in: &line))
    }
}
