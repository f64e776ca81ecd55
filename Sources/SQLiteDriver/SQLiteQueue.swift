import Database
import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

/// A GRDB queue, on whose thread all work is done.
///
/// The engine begins and commits by itself, so the queue lets transactions stay open from one call to the next.
final class SQLiteQueue: Sendable {
    private let queue: DatabaseQueue
    private let path: String
    /// Whether a transaction was begun, and neither committed nor rolled back since.
    private let isBegun = Mutex(false)

    init(path: String?, busyTimeout: Double) throws {
        self.path = path ?? ":memory:"
        var configuration = Configuration()
        configuration.label = "azu"
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(busyTimeout)
        configuration.prepareDatabase { try RowHash.add(to: $0) }
        configuration.journalMode = path == nil ? .default : .wal
        do {
            if let path {
                queue = try DatabaseQueue(path: path, configuration: configuration)
            } else {
                queue = try DatabaseQueue(configuration: configuration)
            }
        } catch {
            throw SQLiteFailure.translate(error, path: path ?? ":memory:")
        }
    }

    func run(_ statements: [ContractStatement], _ dialect: any Dialect) async throws -> [StatementResult] {
        let path = path
        return try await hop { db in
            let session = Session(database: db, dialect: dialect)
            return try statements.enumerated().map { index, statement in
                do {
                    if self.isBegun.withLock({ $0 }), !db.isInsideTransaction, !statement.isRollback {
                        throw ContractError(
                            .other,
                            "SQLite has dropped the whole transaction: ON CONFLICT ROLLBACK, RAISE(ROLLBACK), or no memory"
                        )
                    }
                    let result = try session.run(statement)
                    switch statement.action {
                    case .begin: self.isBegun.withLock { $0 = true }
                    case .commit, .rollback: self.isBegun.withLock { $0 = false }
                    default: break
                    }
                    return result
                } catch {
                    let failure = SQLiteFailure.translate(error, path: path)
                    guard var failure = failure as? ContractError else { throw failure }
                    failure.statement = index
                    throw failure
                }
            }
        }
    }

    func schema(of table: String) async throws -> TableSchema? {
        do {
            return try await hop { try SchemaReader(database: $0).table(table) }
        } catch {
            throw SQLiteFailure.translate(error, path: path)
        }
    }

    func maximumBoundValues() async throws -> Int {
        try await hop { db in
            Int(sqlite3_limit(db.sqliteConnection, SQLITE_LIMIT_VARIABLE_NUMBER, -1))
        }
    }

    func close() { try? queue.close() }

    /// Puts a copy of this database in the place of another one, page by page.
    func copy(over other: SQLiteQueue) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            // It takes both queues, so it waits on neither's thread.
            DispatchQueue.global().async { [queue, path] in
                continuation.resume(
                    with: Result {
                        do { try queue.backup(to: other.queue) } catch {
                            throw SQLiteFailure.translate(error, path: path)
                        }
                    }
                )
            }
        }
    }

    /// Does work on the queue's thread, whatever becomes of the task: GRDB's own `async` calls give up when their task
    /// is cancelled, and then nobody could roll back.
    private func hop<T: Sendable>(_ work: @escaping @Sendable (GRDB.Database) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.asyncWriteWithoutTransaction { db in
                continuation.resume(
                    with: Result {
                        // The C library would not survive the use of a connection that is gone.
                        guard db.sqliteConnection != nil else {
                            throw ContractError(.misuse, "the connection was closed before")
                        }
                        return try work(db)
                    }
                )
            }
        }
    }
}

extension ContractStatement {
    fileprivate var isRollback: Bool { if case .rollback = action { true } else { false } }
}
