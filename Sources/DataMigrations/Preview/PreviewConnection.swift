import Database
import Synchronization

/// A connection whose transactions are never committed, and that remembers what was run.
///
/// Within the preview's own transaction, BEGIN makes a savepoint, COMMIT releases it and ROLLBACK returns to it: code that
/// begins and commits by itself runs as ever, and leaves nothing.
final class PreviewConnection: DatabaseConnection {
    let dialect: any Dialect
    private let real: any DatabaseConnection
    private let state = Mutex(State())

    private struct State {
        /// How many transactions are open, one within the other.
        var depth = 0
        var isRecording = true
        /// In the order in which they were first run.
        var statements: [Preview.Statement] = []
    }

    init(_ real: any DatabaseConnection) {
        self.real = real
        dialect = real.dialect
    }

    /// What was run.
    var statements: [Preview.Statement] { state.withLock { $0.statements } }

    /// Runs what is the preview's own, and not the migration's.
    func unrecorded<T>(_ body: () async throws -> T) async rethrows -> T {
        state.withLock { $0.isRecording = false }
        defer { state.withLock { $0.isRecording = true } }
        return try await body()
    }

    /// Ends whatever is open, and drops it.
    func rollBackAll() async throws {
        state.withLock { $0.depth = 0 }
        try await real.run([.rollback])
    }

    @discardableResult
    func run(_ statements: [Statement]) async throws -> [StatementResult] {
        if state.withLock({ $0.isRecording }) {
            for statement in statements {
                guard let text = await real.text(of: statement) else { continue }
                try refuseControl(text)
                record(text)
            }
        }
        return try await real.run(statements.map(framed))
    }

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

    /// Text that ends the transaction would do so for good.
    private func refuseControl(_ text: String) throws {
        let verb = text.prefix { $0.isLetter }.uppercased()
        guard ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT"].contains(verb) else { return }
        throw MigrationError(
            .failed,
            "\(verb) as text of the migration's own can't be taken back by a preview; use steps, or the statements "
                + ".begin and .commit"
        )
    }

    /// A statement that begins or ends a transaction, within the one that is open.
    private func framed(_ statement: Statement) -> Statement {
        state.withLock { state in
            switch statement.action {
            case .begin:
                defer { state.depth += 1 }
                return state.depth == 0 ? .begin : .savepoint("azu_preview_\(state.depth)")
            case .commit:
                state.depth = max(0, state.depth - 1)
                return state.depth == 0 ? .rollback : .release("azu_preview_\(state.depth)")
            case .rollback:
                guard state.depth > 0 else { return .rollback }
                state.depth -= 1
                return state.depth == 0 ? .rollback : .rollbackTo("azu_preview_\(state.depth)")
            default: return statement
            }
        }
    }

    func encoded(_ statement: Statement) -> Statement { real.encoded(statement) }

    func text(of statement: Statement) async -> String? { await real.text(of: statement) }

    func schema(of table: String) async throws -> TableSchema? { try await real.schema(of: table) }

    func close() async {}
}
