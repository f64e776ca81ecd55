import Database
import Synchronization

/// A connection beside which an application writes, at one of the moments at which a run is about to begin a transaction
/// or to write rows.
final class WatchedConnection: DatabaseConnection {
    /// What its sessions have in common.
    private final class Course: Sendable {
        let application: Application?
        let moment: Int
        let count = Mutex(0)

        init(_ application: Application?, _ moment: Int) {
            self.application = application
            self.moment = moment
        }
    }

    let dialect: any Dialect
    private let session: TrialConnection
    private let course: Course
    private let isInside = Mutex(false)

    /// Lets an application write at a moment, counted from 1; without one, only counts them.
    convenience init(_ session: TrialConnection, _ application: Application? = nil, at moment: Int = 0) {
        self.init(session, Course(application, moment))
    }

    private init(_ session: TrialConnection, _ course: Course) {
        self.session = session
        self.course = course
        dialect = session.connection.dialect
    }

    /// How many such moments there were.
    var moments: Int { course.count.withLock { $0 } }

    func run(_ statements: [Statement]) async throws -> [StatementResult] {
        if isMoment(statements) {
            let number = course.count.withLock { count in
                count += 1
                return count
            }
            if number == course.moment { await course.application?.write(isInside: isInside.withLock { $0 }) }
        }
        // What fails may have begun a transaction.
        if statements.contains(where: \.isBegin) { isInside.withLock { $0 = true } }
        let results = try await session.connection.run(statements)
        for statement in statements {
            if statement.isBegin { isInside.withLock { $0 = true } }
            if statement.isEnd { isInside.withLock { $0 = false } }
        }
        if statements.contains(where: \.isEnd), !isInside.withLock({ $0 }) {
            await course.application?.settle(isInside: false)
        }
        return results
    }

    private func isMoment(_ statements: [Statement]) -> Bool {
        let others = statements.filter { !$0.isLedger(dialect) }
        if others.contains(where: \.isWrite) { return true }
        return statements.contains(where: \.isBegin) && others.count == statements.count
    }

    func encoded(_ statement: Statement) -> Statement { session.connection.encoded(statement) }

    func text(of statement: Statement) async -> String? { await session.connection.text(of: statement) }

    func schema(of table: String) async throws -> TableSchema? { try await session.connection.schema(of: table) }

    func another() async throws -> (any DatabaseConnection)? {
        guard let another = try await session.connection.another() else { return nil }
        return WatchedConnection(TrialConnection(another), course)
    }

    func close() async { await session.end() }
}

extension Statement {
    /// Whether it begins a transaction.
    fileprivate var isBegin: Bool { if case .begin = action { true } else { false } }

    /// Whether it ends one.
    fileprivate var isEnd: Bool {
        switch action {
        case .commit, .rollback: true
        default: false
        }
    }

    /// Whether it writes rows, or may.
    fileprivate var isWrite: Bool {
        switch action {
        case .execute, .insert, .update, .delete: true
        default: false
        }
    }

    /// Whether it is about the tables in which runs are recorded.
    fileprivate func isLedger(_ dialect: any Dialect) -> Bool {
        switch action {
        case .execute(let sql), .query(let sql):
            let text = sql.rendered(for: dialect).text
            return text.contains("data_migration") || text.contains("pg_advisory_xact_lock")
        case .insert(let insert): return insert.table.hasPrefix("data_migration")
        case .update(let update): return update.table.hasPrefix("data_migration")
        case .delete(let delete): return delete.table.hasPrefix("data_migration")
        case .select(let select): return select.table.hasPrefix("data_migration")
        default: return false
        }
    }
}
