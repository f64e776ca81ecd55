import Database

extension Session {
    /// Reads rows by their keys, in one statement.
    ///
    ///     SELECT "id", "slug" FROM "users" AS t
    ///     WHERE ("id") IN (SELECT v.c1 FROM unnest($1::bigint[]) AS v(c1)) AND t."id" BETWEEN $2 AND $3
    func add(_ select: BulkSelect, to line: inout Pipeline) throws {
        guard select.selection.allSatisfy({ $0.values.isEmpty }) else {
            throw DatabaseError(.misuse, "what is selected by keys can't have values bound")
        }
        guard select.count > 0 else { return try line.set(StatementResult(rows: Rows(columns: []))) }
        let (arrays, range) = try finders(select.keys, of: select.keyColumns, select.table, in: &line)
        line.add(try command(text(of: select, arrays, range), arrays, range.parameters, result: .rows, in: &line))
    }

    func text(of select: BulkSelect, _ arrays: BulkColumns, _ range: KeyRange) -> String {
        let selection = select.selection.map { $0.rendered(for: dialect).text }.joined(separator: ", ")
        let columns = select.keyColumns.map { dialect.quoted(column: $0) }.joined(separator: ", ")
        let keys = arrays.columns.indices.map { arrays.value($0) }.joined(separator: ", ")
        // Within the subquery, the names of its columns hide none of the table's.
        return """
            SELECT \(selection) FROM \(dialect.quoted(select.table)) AS t \
            WHERE (\(columns)) IN (SELECT \(keys) FROM \(arrays.unnest) AS v(\(arrays.names)))\(range.condition)\
            \(select.locks ? " FOR UPDATE OF t" : "")
            """
    }
}
