import Database
import GRDB
import GRDBSQLite

extension Session {
    /// Inserts row by row through one prepared statement.
    func run(_ insert: BulkInsert) throws -> StatementResult {
        guard insert.count > 0 else { return StatementResult(rows: Rows(columns: insert.returning)) }
        var sql = insert.rowText
        let usesRowID = try insert.count > 1 && returnsRowID(insert)
        if !insert.returning.isEmpty, !usesRowID { sql += " RETURNING \(ContractSQL.identifiers(insert.returning))" }
        let statement = try PreparedStatement(sql.rendered(for: dialect).text, in: database)
        defer { statement.finish() }
        var changes = 0
        var keys = Rows(columns: insert.returning)
        for start in stride(from: 0, to: insert.values.count, by: insert.columns.count) {
            try statement.bind(insert.values[start..<start + insert.columns.count])
            guard usesRowID else {
                changes += try statement.insert(returning: &keys)
                continue
            }
            try statement.step()
            let isInserted = sqlite3_changes64(database.sqliteConnection) == 1
            changes += isInserted ? 1 : 0
            if isInserted {
                keys.append(sqlite3_last_insert_rowid(database.sqliteConnection))
            } else {
                keys.appendNull()
            }
        }
        return StatementResult(changes: changes, rows: insert.returning.isEmpty ? nil : keys)
    }

    /// Whether the key that must come back is the rowid, which SQLite tells without RETURNING: that costs each row as
    /// much again.
    ///
    /// A row that an upsert changes has no rowid to tell.
    private func returnsRowID(_ insert: BulkInsert) throws -> Bool {
        if case .update = insert.conflict { return false }
        guard let key = insert.returning.first, insert.returning.count == 1 else { return false }
        // A key of type INTEGER is the rowid, unless SQLite made an index for it: in a table without rowids, or for a
        // key that is declared DESC. A table of another database is not found here.
        return try Int.fetchOne(
            database,
            sql: """
                SELECT 1 FROM pragma_table_info(:table) WHERE name = :key AND pk = 1 AND upper(type) = 'INTEGER'
                AND (SELECT count(*) FROM pragma_table_info(:table) WHERE pk > 0) = 1
                AND NOT EXISTS (SELECT 1 FROM pragma_index_list(:table) WHERE origin = 'pk')
                """,
            arguments: ["table": insert.table, "key": key]
        ) == 1
    }

    /// Updates row by row through one prepared statement, in the order of the keys given.
    func run(_ update: BulkUpdate) throws -> StatementResult {
        guard update.count > 0 else { return StatementResult() }
        let statement = try PreparedStatement(update.rowText.rendered(for: dialect).text, in: database)
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
        guard delete.count > 0 else {
            return StatementResult(rows: delete.returning.isEmpty ? nil : Rows(columns: delete.returning))
        }
        let statement = try PreparedStatement(delete.rowText.rendered(for: dialect).text, in: database)
        defer { statement.finish() }
        var changes = 0
        var rows = Rows(columns: delete.returning)
        for start in stride(from: 0, to: delete.keys.count, by: delete.keyColumns.count) {
            try statement.bind(delete.keys[start..<start + delete.keyColumns.count])
            if delete.returning.isEmpty {
                try statement.step()
                changes += Int(sqlite3_changes64(database.sqliteConnection))
            } else {
                changes += try statement.stepReturning(to: &rows)
            }
        }
        return StatementResult(changes: changes, rows: delete.returning.isEmpty ? nil : rows)
    }

    /// Reads row by row through one prepared statement.
    func run(_ select: BulkSelect) throws -> StatementResult {
        let statement = try PreparedStatement(select.rowText.rendered(for: dialect).text, in: database)
        defer { statement.finish() }
        var rows = Rows(columns: statement.columns)
        for start in stride(from: 0, to: select.keys.count, by: max(1, select.keyColumns.count)) {
            try statement.bind(select.keys[start..<start + select.keyColumns.count])
            _ = try statement.stepReturning(to: &rows)
        }
        return StatementResult(rows: rows)
    }
}

extension PreparedStatement {
    /// Runs a statement that hands the rows it wrote out, and returns how many they are.
    func stepReturning(to rows: inout Rows) throws -> Int {
        var count = 0
        var code = sqlite3_step(handle)
        while code == SQLITE_ROW {
            appendRow(to: &rows, isSkipped: false)
            count += 1
            code = sqlite3_step(handle)
        }
        guard code == SQLITE_DONE else { throw failure() }
        sqlite3_reset(handle)
        return count
    }

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
