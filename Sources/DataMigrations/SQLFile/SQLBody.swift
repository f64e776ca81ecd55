import Database

/// What a file of SQL does, there or back: its statements, and the rows of a table for which they run.
struct SQLBody: Sendable {
    /// The table whose rows are walked; `nil` where the statements run once.
    var table: String?
    /// The columns along which it is walked, where the author names them.
    var key: [String] = []
    /// Which rows, with `{row}` for what the table is called.
    var filter: SQLTemplate?
    /// What runs for each batch of rows.
    var statements: [FileStatement] = []

    /// The placeholder of the rows at hand.
    static let range = "range"
    /// The placeholder of the table in a condition.
    static let row = "row"

    /// Whether rows of the walked table may be changed in place.
    var updatesTable: Bool {
        guard let table else { return false }
        return statements.contains { statement in
            switch statement.shape.verb {
            case .update, .upsert: statement.shape.writes(table)
            case .other: true
            case .read, .insert, .delete: false
            }
        }
    }

    /// Whether rows need not be locked when they are chosen, since nothing can come between the look at them and the write:
    /// one statement does both, for which the database itself sees to that.
    ///
    /// Otherwise, they are locked, and are the same for each statement.
    var needsNoLock: Bool {
        guard let table, statements.count == 1, statements[0].ranges.count == 1 else { return false }
        let shape = statements[0].shape
        switch shape.verb {
        case .insert: return shape.with.isEmpty && !shape.writes(table)
        case .update, .delete:
            let isCalled = statements[0].ranges[0] ?? table
            return shape.with.isEmpty && shape.others == nil && shape.writes(table)
                && SQLShape.isSame(isCalled, shape.qualifier)
                && !shape.mentions.contains { SQLShape.isSame($0, table) }
        case .upsert, .read, .other: return false
        }
    }

    /// The same with a run's values in the places of its parameters.
    func binding(_ values: FileValues) -> SQLBody {
        var body = self
        body.filter = filter?.binding(values)
        body.statements = statements.map { $0.binding(values) }
        return body
    }

    /// Refuses to change the key along which rows are walked: a row that moves would be met again.
    ///
    /// - Throws: ``MigrationError``.
    func check(_ keyset: Keyset) throws {
        guard let table else { return }
        for statement in statements where statement.shape.verb == .update && statement.shape.writes(table) {
            let columns = (statement.shape.columns ?? []).map { SQLShape.plain($0, folds: false).lowercased() }
            guard let column = keyset.columns.first(where: { columns.contains($0.lowercased()) }) else { continue }
            throw MigrationError(
                .mismatch,
                "\(statement.place): \(table) is walked along \(column), so it can't be changed; walk it along another "
                    + "key (azu:key), or leave azu:table out"
            )
        }
    }

    /// The condition, as it stands where the rows are chosen.
    func predicate(called name: SQL) -> SQL? {
        filter.map { "(\($0.sql { _, _ in name }))" }
    }

    /// Runs the statements, for some rows.
    ///
    /// - Parameters:
    ///   - rows: the rows; `nil` where there is no table.
    ///   - handle: the batch.
    /// - Throws: ``/Database/DatabaseError``.
    func write(_ rows: BatchCondition?, in handle: Batch) async throws {
        if handle.journal != nil {
            for statement in statements {
                do {
                    try await JournaledSQL(statement, rows, handle).run()
                } catch let error as DatabaseError {
                    throw error.placed(at: statement, isOnce: table == nil)
                }
            }
            return
        }
        do {
            let results = try await handle.connection.run(statements.map { $0.statement(rows) })
            for (statement, result) in zip(statements, results) { handle.count(statement.counters(result.changes)) }
        } catch let error as DatabaseError {
            throw error.placed(at: statements[min(error.statement ?? 0, statements.count - 1)], isOnce: table == nil)
        }
    }
}

extension DatabaseError {
    /// The same error with the place of the statement in its file, unless one of the batch's rows is at fault, or another
    /// attempt may succeed.
    fileprivate func placed(at statement: FileStatement, isOnce: Bool) -> DatabaseError {
        guard kind == .fatal || isOnce && kind == .rowFault else { return self }
        var error = self
        error.message = "\(statement.place): \(message)"
        return error
    }
}
