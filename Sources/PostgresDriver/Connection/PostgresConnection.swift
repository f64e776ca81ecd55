public import Database
import Foundation

/// One session of PostgreSQL, over libpq: its calls run one after another on a thread of their own.
public final class PostgresConnection: DatabaseConnection {
    /// How PostgreSQL writes what differs.
    public let dialect: any Dialect = PostgresDialect()
    private let settings: ConnectionSettings
    private let thread = DispatchQueue(label: "azu.postgres")
    private let session: Session
    private let tables = TableCache()

    /// Opens a session.
    ///
    /// - Parameter url: a URL, or a list of `key=value`; see ``PostgresDriver``.
    /// - Throws: ``/Database/DatabaseError``.
    public convenience init(_ url: String) async throws {
        try await self.init(ConnectionSettings(url))
    }

    init(_ settings: ConnectionSettings) async throws {
        self.settings = settings
        session = Session(settings, dialect: PostgresDialect(), tables: tables)
        try await hop { try $0.connect() }
    }

    /// Runs statements in order; those that are known to the server in one round trip, by pipelining.
    ///
    /// A task that is cancelled has its statement cancelled on the server, too.
    ///
    /// - Throws: ``/Database/DatabaseError``; `CancellationError` where the task was cancelled.
    public func run(_ statements: [Statement]) async throws -> [StatementResult] {
        // A task that was cancelled before must still be able to end its transaction.
        if Task.isCancelled { return try await hop { try $0.run(statements) } }
        let canceller = session.canceller
        let call = canceller.call()
        return try await withTaskCancellationHandler {
            do {
                return try await hop { session in
                    try canceller.during(call) { try session.run(statements) }
                }
            } catch let error as DatabaseError where error.code == .timedOut && Task.isCancelled {
                throw CancellationError()
            }
        } onCancel: {
            canceller.cancel(call)
        }
    }

    /// Writes the arrays of an update, once the table's columns are known.
    public func encoded(_ statement: Statement) -> Statement {
        guard case .update(let update) = statement.action, let columns = tables[update.table],
            let encoded = try? EncodedUpdate(update, columns)
        else { return statement }
        var copy = statement
        copy.encoded = encoded
        copy.action = .update(encoded.head)
        return copy
    }

    /// The SQL of a statement; a bulk statement's with its arrays.
    public func text(of statement: Statement) async -> String? {
        await (try? hop { try $0.text(of: statement) }) ?? statement.text(for: dialect)
    }

    /// Looks a table up in the catalog; `nil` if there is none.
    public func schema(of table: String) async throws -> TableSchema? {
        try await hop { try $0.schema(of: table) }
    }

    /// Another session of the same database.
    public func another() async throws -> (any DatabaseConnection)? {
        do {
            return try await PostgresConnection(settings)
        } catch var error as DatabaseError where error.code == .cannotOpen {
            // It was there before, so it may be there again in a moment.
            error.kind = .retryable
            throw error
        }
    }

    /// Ends the session.
    public func close() async { try? await hop { $0.close() } }

    deinit {
        let session = session
        thread.async { session.close() }
    }

    /// Does work on the session's thread.
    private func hop<T: Sendable>(_ work: @escaping @Sendable (Session) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            thread.async { [session] in continuation.resume(with: Result { try work(session) }) }
        }
    }
}
