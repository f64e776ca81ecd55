import Database
import GRDB
import GRDBSQLite

/// What a connection does on its thread for one hop.
struct Session {
    let database: GRDB.Database
    let dialect: any Dialect

    func run(_ statement: ContractStatement) throws -> StatementResult {
        let result = try perform(statement.action, maximumBytes: statement.maximumBytes ?? .max)
        if let expected = statement.expectedChanges, result.changes != expected {
            throw ContractError(.guardFailed, "\(result.changes) rows were changed where \(expected) had to be")
        }
        return result
    }

    private func perform(_ action: ContractStatement.Action, maximumBytes: Int) throws -> StatementResult {
        switch action {
        case .execute(let sql), .query(let sql):
            let rendered = sql.rendered(for: dialect)
            return try PreparedStatement(rendered.text, in: database)
                .run(rendered.values, maximumBytes: maximumBytes)
        case .begin: return try control("BEGIN IMMEDIATE")
        case .commit: return try control("COMMIT")
        case .rollback: return database.isInsideTransaction ? try control("ROLLBACK") : StatementResult()
        case .savepoint(let name): return try control("SAVEPOINT \(dialect.quoted(name))")
        case .release(let name):
            try checkConstraints()
            return try control("RELEASE \(dialect.quoted(name))")
        case .rollbackTo(let name):
            // Some errors (a full disk, above all) make SQLite drop the whole transaction, savepoints included.
            try requireTransaction()
            _ = try control("ROLLBACK TO \(dialect.quoted(name))")
            return try control("RELEASE \(dialect.quoted(name))")
        case .checkConstraints:
            try checkConstraints()
            return StatementResult()
        case .insert(let insert): return try whole(insert.count) { try run(insert) }
        case .update(let update): return try whole(update.count) { try run(update) }
        case .delete(let delete): return try whole(delete.count) { try run(delete) }
        case .select(let select): return try run(select)
        }
    }

    /// Does a bulk statement whole or not at all.
    ///
    /// It is many statements to SQLite: where no transaction is open that could be rolled back, it gets its own.
    private func whole(_ rows: Int, _ work: () throws -> StatementResult) throws -> StatementResult {
        guard rows > 1, !database.isInsideTransaction else { return try work() }
        _ = try control("BEGIN IMMEDIATE")
        do {
            let result = try work()
            _ = try control("COMMIT")
            return result
        } catch {
            if database.isInsideTransaction { _ = try? control("ROLLBACK") }
            throw error
        }
    }

    private func control(_ sql: String) throws -> StatementResult {
        try database.execute(sql: sql)
        return StatementResult()
    }

    /// ON CONFLICT ROLLBACK, RAISE(ROLLBACK) and a full disk make SQLite drop the whole transaction: what came after would
    /// be committed by itself.
    private func requireTransaction() throws {
        guard !database.isInsideTransaction else { return }
        throw ContractError(.other, "the transaction is gone: ON CONFLICT ROLLBACK or RAISE(ROLLBACK) has ended it")
    }

    /// SQLite meets deferred foreign keys at COMMIT only; but it counts those that are broken.
    private func checkConstraints() throws {
        try requireTransaction()
        var (broken, highest): (Int32, Int32) = (0, 0)
        sqlite3_db_status(database.sqliteConnection, SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &highest, 0)
        if broken != 0 { throw ContractError(.foreignKeyViolation, "FOREIGN KEY constraint failed (deferred)") }
    }
}
