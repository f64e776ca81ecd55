import Database
import GRDB
import GRDBSQLite

extension Session {
    /// Inserts row by row through one prepared statement.
    func run(_ insert: BulkInsert) throws -> StatementResult {
        guard insert.count > 0 else { return StatementResult(rows: Rows(columns: insert.returning)) }
        let placeholders = ContractSQL(raw: Array(repeating: "?", count: insert.columns.count).joined(separator: ", "))
        var sql: ContractSQL = """
            INSERT INTO \(identifier: insert.table) (\(ContractSQL.identifiers(insert.columns))) VALUES (\(placeholders))\
            \(insert.conflictClause)
            """
        if !insert.returning.isEmpty { sql += " RETURNING \(ContractSQL.identifiers(insert.returning))" }
        let statement = try PreparedStatement(sql.rendered(for: dialect).text, in: database)
        defer { statement.finish() }
        var changes = 0
        var keys = Rows(columns: insert.returning)
        for start in stride(from: 0, to: insert.values.count, by: insert.columns.count) {
            try statement.bind(insert.values[start..<start + insert.columns.count])
            changes += try statement.insert(returning: &keys)
        }
        return StatementResult(changes: changes, rows: insert.returning.isEmpty ? nil : keys)
    }

    /// Updates row by row through one prepared statement, in the order of the keys given.
    func run(_ update: BulkUpdate) throws -> StatementResult {
        guard update.count > 0 else { return StatementResult() }
        let assignments = ContractSQL.joined(update.columns.map { "\(identifier: $0) = ?" }, separator: ", ")
        let sql: ContractSQL = "UPDATE \(identifier: update.table) SET \(assignments) WHERE \(match(update.keyColumns))"
        let statement = try PreparedStatement(sql.rendered(for: dialect).text, in: database)
        defer { statement.finish() }
        var changes = 0
        let (width, keyWidth) = (update.columns.count, update.keyColumns.count)
        for row in 0..<update.count {
            try statement.bind(update.values[row * width..<(row + 1) * width])
            try statement.bind(update.keys[row * keyWidth..<(row + 1) * keyWidth], from: Int32(width) + 1)
            try statement.step()
            changes += Int(sqlite3_changes64(database.sqliteConnection))
        }
        return StatementResult(changes: changes)
    }

    /// Deletes row by row through one prepared statement.
    func run(_ delete: BulkDelete) throws -> StatementResult {
        guard delete.count > 0 else { return StatementResult() }
        let sql: ContractSQL = "DELETE FROM \(identifier: delete.table) WHERE \(match(delete.keyColumns))"
        let statement = try PreparedStatement(sql.rendered(for: dialect).text, in: database)
        defer { statement.finish() }
        var changes = 0
        for start in stride(from: 0, to: delete.keys.count, by: delete.keyColumns.count) {
            try statement.bind(delete.keys[start..<start + delete.keyColumns.count])
            try statement.step()
            changes += Int(sqlite3_changes64(database.sqliteConnection))
        }
        return StatementResult(changes: changes)
    }

    private func match(_ columns: [String]) -> ContractSQL {
        ContractSQL.joined(columns.map { "\(identifier: $0) = ?" }, separator: " AND ")
    }
}

extension PreparedStatement {
    /// Inserts the row that is bound.
    ///
    /// Where keys are wanted, adds those of the new row, or NULLs if it was skipped.
    ///
    /// - Returns: 1, or 0 if the row was skipped.
    func insert(returning keys: inout Rows) throws -> Int {
        let code = sqlite3_step(handle)
        guard code == SQLITE_ROW || code == SQLITE_DONE else { throw failure() }
        defer { sqlite3_reset(handle) }
        guard !keys.columns.isEmpty else { return Int(sqlite3_changes64(sqlite3_db_handle(handle))) }
        let isSkipped = code == SQLITE_DONE
        appendRow(to: &keys, isSkipped: isSkipped)
        // RETURNING hands its row out after the work is done; the second step only ends the statement.
        guard isSkipped || sqlite3_step(handle) == SQLITE_DONE else { throw failure() }
        return isSkipped ? 0 : 1
    }
}
