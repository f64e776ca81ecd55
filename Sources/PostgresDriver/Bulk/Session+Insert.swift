import CLibPQ
import Database

extension Session {
    /// From this many rows on, COPY is worth its round trips.
    static let copyThreshold = 100

    /// Inserts rows in bulk.
    ///
    /// Where nothing can conflict, with COPY; keys that must come back are taken from their sequence first. Otherwise:
    ///
    ///     INSERT INTO "articles" ("title") SELECT v.c1 FROM unnest($1::text[]) WITH ORDINALITY AS v(c1, n) ORDER BY v.n
    ///     ON CONFLICT ("legacy_post_id") DO NOTHING RETURNING "id"
    func add(_ insert: BulkInsert, _ statement: Statement, to line: inout Pipeline) throws {
        guard insert.count > 0 else { return try line.set(StatementResult(rows: Rows(columns: insert.returning))) }
        let table = try columns(of: insert.table, in: &line)
        if insert.conflict == .fail, insert.count >= Self.copyThreshold, table.takesCopy,
            let result = try copy(insert, table, in: &line)
        {
            return try line.set(result)
        }
        if case .skip = insert.conflict, !insert.returning.isEmpty {
            return try line.set(try insertSkipping(insert, table, in: &line))
        }
        // A row can't be changed twice by one statement.
        if case .update(let target, _) = insert.conflict, insert.repeats(target) {
            return try line.set(try insertOneByOne(insert, in: &line))
        }
        let (sql, arrays) = try text(of: insert, table)
        let returnsKeys = !insert.returning.isEmpty
        if !returnsKeys, let expected = statement.expectedChanges {
            let guarded = GuardedSQL.wrap(sql, parameter: arrays.count + 1)
            let values = [Value.integer(Int64(expected))]
            return line.add(try command(guarded, arrays, values, result: .guardedChanges, in: &line))
        }
        line.add(try command(sql, arrays, result: returnsKeys ? .rows : .changes, in: &line))
        if returnsKeys {
            try line.flush()
            try insert.requireAll(line.results.last?.rows?.count ?? 0)
        }
    }

    /// The statement, and the arrays that are its parameters.
    func text(of insert: BulkInsert, _ table: TableColumns) throws -> (sql: String, arrays: BulkColumns) {
        let arrays = try BulkColumns(insert, table)
        let values = insert.columns.indices.map { arrays.value($0) }.joined(separator: ", ")
        let sql = """
            \(head(insert, insert.columns)) SELECT \(values) \
            FROM \(arrays.unnest) WITH ORDINALITY AS v(\(arrays.names), n) ORDER BY v.n\(tail(insert))
            """
        return (sql, arrays)
    }

    private func head(_ insert: BulkInsert, _ columns: [String]) -> String {
        // A key that is GENERATED ALWAYS is taken from its sequence, or was there before in another table.
        "INSERT INTO \(dialect.quoted(insert.table)) (\(list(columns))) OVERRIDING SYSTEM VALUE"
    }

    private func tail(_ insert: BulkInsert) -> String {
        let conflict = insert.conflictClause.rendered(for: dialect).text
        return insert.returning.isEmpty ? conflict : "\(conflict) RETURNING \(list(insert.returning))"
    }

    func list(_ columns: [String]) -> String {
        columns.map { dialect.quoted(column: $0) }.joined(separator: ", ")
    }

    // MARK: Rows that are left out

    /// Inserts rows of which some may be left out, and tells which.
    ///
    /// The key is made before the row is: those that come back tell the rows that went in.
    private func insertSkipping(
        _ insert: BulkInsert,
        _ table: TableColumns,
        in line: inout Pipeline
    ) throws -> StatementResult {
        guard let key = insert.returning.first(where: { !insert.columns.contains($0) }),
            let expression = table.columns[key]?.defaultExpression, insert.returning.count == 1
        else { return try insertOneByOne(insert, in: &line) }
        let arrays = try BulkColumns(insert, table)
        let values = insert.columns.indices.map { "\(arrays.value($0)) AS c\($0 + 1)" }.joined(separator: ", ")
        let sql = """
            WITH given AS MATERIALIZED (SELECT \(values), v.n, \(expression) AS k \
            FROM \(arrays.unnest) WITH ORDINALITY AS v(\(arrays.names), n) ORDER BY v.n), \
            inserted AS (\(head(insert, insert.columns + [key])) SELECT \(arrays.names), k FROM given ORDER BY n\
            \(tail(insert))) \
            SELECT inserted.\(dialect.quoted(column: key)) FROM given \
            LEFT JOIN inserted ON inserted.\(dialect.quoted(column: key)) = given.k ORDER BY given.n
            """
        try line.flush()
        var own = Pipeline(session: self)
        own.start(expecting: nil)
        own.add(try command(sql, arrays, result: .rows, in: &own))
        try own.flush()
        let rows = own.results[0].rows ?? Rows(columns: insert.returning)
        return StatementResult(changes: rows.count { !$0[0].isNull }, rows: rows)
    }

    /// Inserts row by row; still in one round trip.
    private func insertOneByOne(_ insert: BulkInsert, in line: inout Pipeline) throws -> StatementResult {
        try line.flush()
        let placeholders = insert.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let sql = "\(head(insert, insert.columns)) VALUES (\(placeholders))\(tail(insert))"
        var own = Pipeline(session: self)
        let isAlone = !isInTransaction
        if isAlone { try execute("BEGIN") }
        do {
            let width = insert.columns.count
            for start in stride(from: 0, to: insert.values.count, by: width) {
                own.start(expecting: nil)
                var command = Command(sql: sql, result: insert.returning.isEmpty ? .changes : .rows)
                try bind(Array(insert.values[start..<start + width]), to: &command, in: &own)
                own.add(command)
            }
            try own.flush()
            if isAlone { try execute("COMMIT") }
        } catch {
            if isAlone { _ = try? execute("ROLLBACK") }
            throw error
        }
        var result = StatementResult(rows: insert.returning.isEmpty ? nil : Rows(columns: insert.returning))
        for row in own.results {
            result.changes += row.changes
            guard !insert.returning.isEmpty else { continue }
            let values = row.rows?.first?.values ?? Array(repeating: .null, count: insert.returning.count)
            for value in values { result.rows?.append(value) }
        }
        return result
    }
}

extension BulkInsert {
    /// Whether several rows have the same values in these columns.
    fileprivate func repeats(_ target: [String]) -> Bool {
        let indices = target.compactMap { columns.firstIndex(of: $0) }
        guard indices.count == target.count else { return false }
        var seen = Set<[Value]>()
        return stride(from: 0, to: values.count, by: columns.count).contains { start in
            !seen.insert(indices.map { values[start + $0] }).inserted
        }
    }
}

extension BulkColumns {
    fileprivate init(_ insert: BulkInsert, _ table: TableColumns) throws {
        let types = try insert.columns.map { try table.column($0, of: insert.table) }
        append(insert.values, width: insert.columns.count, types: types)
    }
}

extension BulkInsert {
    /// A trigger, or a rule, may keep rows from being inserted; then nobody can tell whose the keys are that came back.
    func requireAll(_ inserted: Int) throws {
        guard inserted != count else { return }
        throw DatabaseError(
            .guardFailed,
            "\(inserted) rows were inserted where \(count) had to be: a trigger or a rule left some out"
        )
    }
}
