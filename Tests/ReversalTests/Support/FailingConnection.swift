import Database
import Synchronization

/// A connection that fails at one statement, counted from 0.
final class FailingConnection: DatabaseConnection {
    /// How it fails.
    enum Mode: CaseIterable, Sendable {
        /// That statement fails, and those behind it work.
        case once
        /// From that statement on nothing works: the process is gone, as far as the database can tell.
        case forGood
        /// The COMMIT of this number is carried out, and its answer lost.
        case answer
    }

    private let base: any DatabaseConnection
    private let place: Int
    private let mode: Mode
    private let count = Mutex(0)

    init(_ base: any DatabaseConnection, at place: Int, _ mode: Mode) {
        self.base = base
        self.place = place
        self.mode = mode
    }

    var dialect: any Dialect { base.dialect }

    /// Whether it has come to the statement at which it fails.
    var isReached: Bool { count.withLock { $0 } > place }

    func run(_ statements: [Statement]) async throws -> [StatementResult] {
        if mode == .answer { return try await runLosingAnswers(statements) }
        let index = place - advance(by: statements.count)
        if index < 0, mode == .forGood { throw Self.broken }
        guard statements.indices.contains(index) else { return try await base.run(statements) }
        if index > 0 { _ = try await base.run(Array(statements[..<index])) }
        var error = Self.broken
        error.statement = index
        throw error
    }

    private func runLosingAnswers(_ statements: [Statement]) async throws -> [StatementResult] {
        let commits = statements.indices.filter { if case .commit = statements[$0].action { true } else { false } }
        let index = place - advance(by: commits.count)
        let results = try await base.run(statements)
        guard commits.indices.contains(index) else { return results }
        var error = DatabaseError(.connectionLost, "the connection is lost, says the test")
        error.statement = commits[index]
        throw error
    }

    /// Counts on, and returns the number before.
    private func advance(by more: Int) -> Int {
        count.withLock { count in
            defer { count += more }
            return count
        }
    }

    private static var broken: DatabaseError { DatabaseError(.other, "this statement fails, says the test") }

    func encoded(_ statement: Statement) -> Statement { base.encoded(statement) }

    func schema(of table: String) async throws -> TableSchema? { try await base.schema(of: table) }

    func close() async { await base.close() }
}
