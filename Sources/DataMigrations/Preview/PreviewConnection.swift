import Database
import Synchronization

/// A connection whose transactions are never committed, and that remembers what was run.
///
/// One transaction holds all that a migration runs. Within it, BEGIN makes a savepoint, COMMIT releases it and ROLLBACK
/// returns to it; a statement outside of these is kept, or dropped, alone. Code that begins and commits by itself runs
/// as ever, and leaves nothing.
final class PreviewConnection: DatabaseConnection {
    let dialect: any Dialect
    private let real: any DatabaseConnection
    private let state = Mutex(State())

    private struct State {
        /// Whether a transaction holds all that is run.
        var isHeld = false
        /// Whether the migration has run anything.
        var isUsed = false
        /// Whether nothing may be run any more.
        var isOver = false
        /// How many transactions are open, one within the other, besides the one that holds all.
        var depth = 0
        var isRecording = true
        /// In the order in which they were first run.
        var statements: [Preview.Statement] = []
    }

    /// Statements that are run together: one that begins or ends a transaction stands by itself.
    private struct Part {
        var control: TransactionControl?
        var statements: [Statement]
    }

    init(_ real: any DatabaseConnection) {
        self.real = real
        dialect = real.dialect
    }

    /// What was run.
    var statements: [Preview.Statement] { state.withLock { $0.statements } }

    /// Whether a transaction holds all that is run, so that what comes sees what was before.
    var isHeld: Bool { state.withLock { $0.isHeld } }

    /// How many transactions are open, one within the other, besides the one that holds all.
    var depth: Int { state.withLock { $0.depth } }

    /// Runs what is the preview's own, and not the migration's.
    func unrecorded<T>(_ body: () async throws -> T) async rethrows -> T {
        state.withLock { $0.isRecording = false }
        defer { state.withLock { $0.isRecording = true } }
        return try await body()
    }

    // MARK: The transaction that holds all

    /// Opens it.
    func hold() async throws {
        try await real.run([.begin])
        state.withLock { $0.isHeld = true }
    }

    /// Has transactions stand alone while `body` runs, each dropped at its end; but not if the migration has run
    /// something before, which they may depend on.
    func apart(_ body: () async throws -> Void) async throws {
        guard state.withLock({ $0.isHeld && !$0.isUsed }) else { return try await body() }
        try await real.run([.rollback])
        state.withLock { $0.isHeld = false }
        do {
            try await body()
        } catch {
            if !isHeld, depth == 0 { _ = try? await hold() }
            throw error
        }
        if !isHeld { try await hold() }
    }

    /// Drops the transactions that were opened since there were `depth` of them.
    func drop(to depth: Int) async {
        while self.depth > depth {
            do { try await end(keeping: false) } catch { return }
        }
    }

    /// Ends whatever is open, and drops it; nothing can be run behind that.
    func rollBackAll() async throws {
        state.withLock { state in
            state.isHeld = false
            state.depth = 0
            state.isOver = true
        }
        try await real.run([.rollback])
    }

    // MARK: Statements

    @discardableResult
    func run(_ statements: [Statement]) async throws -> [StatementResult] {
        var results: [StatementResult] = []
        for part in parts(of: statements) {
            do {
                results.append(contentsOf: try await run(part))
            } catch var error as DatabaseError {
                error.statement = results.count + (error.statement ?? 0)
                throw error
            }
        }
        return results
    }

    private func parts(of statements: [Statement]) -> [Part] {
        var parts: [Part] = []
        for statement in statements {
            let control = TransactionControl(statement, dialect)
            if control == nil, let last = parts.indices.last, parts[last].control == nil {
                parts[last].statements.append(statement)
            } else {
                parts.append(Part(control: control, statements: [statement]))
            }
        }
        return parts
    }

    private func run(_ part: Part) async throws -> [StatementResult] {
        try await prepare(for: part)
        switch part.control {
        case .begin?: try await begin()
        case .commit?: try await end(keeping: true)
        case .rollback?: try await end(keeping: false)
        case .savepoint?: return try await real.run(part.statements)
        case .other?:
            throw DatabaseError(.misuse, "what it does with its transactions can't be tried in a preview")
        case nil: return try await runPlain(part.statements)
        }
        return [StatementResult()]
    }

    /// Nothing that a migration runs stands outside of a transaction.
    private func prepare(for part: Part) async throws {
        let (isOver, isOurs, isOpen) = state.withLock { ($0.isOver, !$0.isRecording, $0.isHeld || $0.depth > 0) }
        guard !isOver else { throw DatabaseError(.misuse, "the preview is over, and its connection closed") }
        guard !isOurs else { return }
        if !isOpen, part.control != .begin, part.control != .rollback { try await hold() }
        state.withLock { $0.isUsed = true }
        guard part.control == nil else { return }
        for statement in part.statements {
            if let text = await real.text(of: statement) { record(text) }
        }
    }

    private func begin() async throws {
        let (depth, isHeld) = state.withLock { ($0.depth, $0.isHeld) }
        try await real.run([isHeld || depth > 0 ? .savepoint(Self.name(depth)) : .begin])
        state.withLock { $0.depth += 1 }
    }

    private func end(keeping: Bool) async throws {
        let (depth, isHeld) = state.withLock { ($0.depth, $0.isHeld) }
        if isHeld || depth > 1 {
            // The transaction that holds all is not the migration's to end.
            guard depth > 0 else { return }
            let name = Self.name(depth - 1)
            try await real.run([keeping ? .release(name) : .rollbackTo(name)])
        } else {
            try await real.run([.rollback])
        }
        state.withLock { $0.depth = max(0, depth - 1) }
    }

    private func runPlain(_ statements: [Statement]) async throws -> [StatementResult] {
        guard state.withLock({ $0.isHeld && $0.depth == 0 }) else { return try await real.run(statements) }
        var results: [StatementResult] = []
        for statement in statements {
            do {
                results.append(try await alone(statement))
            } catch var error as DatabaseError {
                error.statement = results.count
                throw error
            }
        }
        return results
    }

    /// Runs a statement that is a transaction of its own in a real run.
    private func alone(_ statement: Statement) async throws -> StatementResult {
        let name = Self.name(0)
        do {
            return try await real.run([.savepoint(name), statement, .release(name)])[1]
        } catch {
            _ = try? await real.run([.rollbackTo(name)])
            throw error
        }
    }

    private static func name(_ depth: Int) -> String { "azu_preview_\(depth)" }

    private func record(_ text: String) {
        // However long a list is, it is the same statement.
        let sql = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            .replacing(#/\((\?|\$\d+)(, (\?|\$\d+)){3,}\)/#) { "(\($0.output.1), …)" }
        state.withLock { state in
            if let place = state.statements.firstIndex(where: { $0.sql == sql }) {
                state.statements[place].count += 1
            } else {
                state.statements.append(Preview.Statement(sql: sql, count: 1))
            }
        }
    }

    func encoded(_ statement: Statement) -> Statement { real.encoded(statement) }

    func text(of statement: Statement) async -> String? { await real.text(of: statement) }

    func schema(of table: String) async throws -> TableSchema? { try await real.schema(of: table) }

    func close() async {}
}
