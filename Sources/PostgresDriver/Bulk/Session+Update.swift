import Database

extension Session {
    /// Up to how many rows a guard is part of the statement.
    ///
    /// To count in SQL costs each row a seventh more; a round trip costs a small batch more than that, and a large one
    /// next to nothing.
    private static let guardLimit = 500

    /// Updates rows by their keys, in one statement.
    ///
    ///     UPDATE "users" AS t SET "slug" = v.c2 FROM unnest($1::bigint[], $2::text[]) AS v(c1, c2)
    ///     WHERE t."id" = v.c1 AND t."id" BETWEEN $3 AND $4
    func add(_ update: BulkUpdate, _ statement: Statement, to line: inout Pipeline) throws {
        let table = try columns(of: update.table, in: &line)
        var encoded = statement.encoded as? EncodedUpdate
        // Made when the table looked otherwise.
        if let given = encoded, given.table != table { encoded = nil }
        let update = try encoded ?? EncodedUpdate(update, table)
        guard update.count > 0 else { return try line.set(StatementResult()) }
        let range = range(of: update)
        let sql = text(of: update, range)
        try add(sql, update.arrays, range.parameters, expecting: statement.expectedChanges, to: &line)
    }

    func range(of update: EncodedUpdate) -> KeyRange {
        update.range(column: dialect.quoted(column: update.head.keyColumns[0]))
    }

    func text(of update: EncodedUpdate, _ range: KeyRange) -> String {
        let (head, arrays) = (update.head, update.arrays)
        let assignments = head.columns.enumerated().map { index, name in
            "\(dialect.quoted(column: name)) = \(arrays.value(update.firstValue + index))"
        }
        return """
            UPDATE \(dialect.quoted(head.table)) AS t SET \(assignments.joined(separator: ", ")) \
            FROM \(found(by: update.finders, arrays))\(range.condition)
            """
    }

    /// Deletes rows by their keys, in one statement.
    ///
    ///     DELETE FROM "orders" AS t USING unnest($1::bigint[]) AS v(c1) WHERE t."id" = v.c1 AND t."id" BETWEEN $2 AND $3
    func add(_ delete: BulkDelete, _ statement: Statement, to line: inout Pipeline) throws {
        guard delete.count > 0 else {
            return try line.set(StatementResult(rows: delete.returning.isEmpty ? nil : Rows(columns: delete.returning)))
        }
        let (arrays, range) = try finders(delete.keys, of: delete.keyColumns, delete.table, in: &line)
        let sql = text(of: delete, arrays, range)
        guard delete.returning.isEmpty else {
            line.add(try command(sql + returning(delete), arrays, range.parameters, result: .rows, in: &line))
            if statement.expectedChanges != nil { try line.flush() }
            return
        }
        try add(sql, arrays, range.parameters, expecting: statement.expectedChanges, to: &line)
    }

    func text(of delete: BulkDelete, _ arrays: BulkColumns, _ range: KeyRange) -> String {
        "DELETE FROM \(dialect.quoted(delete.table)) AS t USING \(found(by: delete.keyColumns, arrays))\(range.condition)"
    }

    func returning(_ delete: BulkDelete) -> String {
        guard !delete.returning.isEmpty else { return "" }
        return " RETURNING " + delete.returning.map { "t.\(dialect.quoted(column: $0))" }.joined(separator: ", ")
    }

    /// The keys as arrays, and their range.
    func finders(
        _ keys: [Value],
        of columns: [String],
        _ name: String,
        in line: inout Pipeline
    ) throws -> (arrays: BulkColumns, range: KeyRange) {
        let table = try self.columns(of: name, in: &line)
        var arrays = BulkColumns()
        arrays.append(keys, width: columns.count, types: try columns.map { try table.key($0, of: name) })
        let range = KeyRange(
            KeyRange.integers(keys, width: columns.count),
            column: dialect.quoted(column: columns[0]),
            array: arrays.columns[0],
            next: arrays.count + 1
        )
        return (arrays, range)
    }

    /// `unnest(…) AS v(c1, …) WHERE t."id" = v.c1`: the first arrays are those of the columns that find a row.
    func found(by columns: [String], _ arrays: BulkColumns) -> String {
        let matches = columns.enumerated().map { "t.\(dialect.quoted(column: $1)) = \(arrays.value($0))" }
        return "\(arrays.unnest) AS v(\(arrays.names)) WHERE \(matches.joined(separator: " AND "))"
    }

    /// Adds a bulk statement, with its guard if it has one.
    private func add(
        _ sql: String,
        _ arrays: BulkColumns,
        _ parameters: [Value],
        expecting expected: Int?,
        to line: inout Pipeline
    ) throws {
        guard let expected, expected < Self.guardLimit else {
            line.add(try command(sql, arrays, parameters, result: .changes, in: &line))
            // What stands behind waits until the number of rows is known.
            if expected != nil { try line.flush() }
            return
        }
        let guarded = GuardedSQL.wrap(sql, parameter: arrays.count + parameters.count + 1)
        let values = parameters + [.integer(Int64(expected))]
        line.add(try command(guarded, arrays, values, result: .guardedChanges, in: &line))
    }
}

extension TableColumns {
    /// A column that finds rows; the database's own columns are not in the catalog's list.
    func key(_ name: String, of table: String) throws -> Column {
        switch name {
        case "xmin": Column(type: TypeID.xid, typeName: "xid", isGenerated: false)
        case "ctid": Column(type: 27, typeName: "tid", isGenerated: false)
        default: try column(name, of: table)
        }
    }
}

extension Dialect {
    /// The name of a column, which a dot in it does not divide.
    func quoted(column name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}
