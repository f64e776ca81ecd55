package import Database
import Foundation
import Synchronization

/// What goes wrong at one statement.
package struct InjectedFault: Sendable, Hashable, CustomStringConvertible {
    /// How it goes wrong.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The process is killed.
        case killed
        /// The session is gone, with its transaction.
        case dropped
        /// A deadlock, or a serialization failure: 40P01, 40001.
        case conflict
        /// Somebody holds a lock: 55P03, SQLITE_BUSY.
        case locked
        /// The statement takes too long: 57014.
        case timedOut
        /// The server has no room: 53300.
        case full
        /// The server takes no writes any more: 25006.
        case readOnly

        var code: DatabaseError.Code {
            switch self {
            case .killed, .dropped: .connectionLost
            case .conflict: .conflict
            case .locked: .busy
            case .timedOut: .timedOut
            case .full: .overloaded
            case .readOnly: .readOnly
            }
        }
    }

    package var kind: Kind
    /// The number of the statement, from 0 on.
    package var place: Int
    /// Whether the statement is carried out before that.
    package var isAfter: Bool

    package init(_ kind: Kind, at place: Int, isAfter: Bool) {
        (self.kind, self.place, self.isAfter) = (kind, place, isAfter)
    }

    package var description: String { "\(kind.rawValue) \(isAfter ? "after" : "before") statement \(place)" }
}

/// A connection to a real database on which one statement goes wrong; what follows is as a real one would have it.
///
/// It counts the statements, BEGIN and COMMIT included, and each look at a table's schema.
package final class FaultyConnection: DatabaseConnection {
    private struct State {
        var base: any DatabaseConnection
        var count = 0
        var begun = 0
        var isInTransaction = false
        /// Whether the transaction at hand can only be rolled back.
        var isBroken = false
        var hasStruck = false
        /// Whether the statement that was struck was a COMMIT.
        var hasStruckCommit = false
    }

    private let fault: InjectedFault?
    private let open: @Sendable () async throws -> any DatabaseConnection
    private let state: Mutex<State>
    package let dialect: any Dialect

    /// Strikes once.
    ///
    /// - Parameters:
    ///   - fault: what goes wrong; nothing, without one.
    ///   - open: opens a session.
    /// - Throws: what `open` throws.
    package init(
        _ fault: InjectedFault?,
        _ open: @escaping @Sendable () async throws -> any DatabaseConnection
    ) async throws {
        self.fault = fault
        self.open = open
        let base = try await open()
        dialect = base.dialect
        state = Mutex(State(base: base))
    }

    /// How many statements there were.
    package var count: Int { state.withLock { $0.count } }
    /// How many transactions were begun.
    package var begun: Int { state.withLock { $0.begun } }
    /// Whether it went wrong.
    package var hasStruck: Bool { state.withLock { $0.hasStruck } }
    /// Whether it was a COMMIT that went wrong.
    package var hasStruckCommit: Bool { state.withLock { $0.hasStruckCommit } }

    private var base: any DatabaseConnection { state.withLock { $0.base } }

    package func run(_ statements: [Statement]) async throws -> [StatementResult] {
        var results: [StatementResult] = []
        for (index, statement) in statements.enumerated() {
            do {
                results.append(try await run(statement))
            } catch var error as DatabaseError {
                error.statement = index
                throw error
            }
        }
        return results
    }

    private func run(_ statement: Statement) async throws -> StatementResult {
        let number = state.withLock { state in
            defer { state.count += 1 }
            return state.count
        }
        if case .rollback = statement.action {
            state.withLock { ($0.isInTransaction, $0.isBroken) = (false, false) }
        } else if state.withLock({ $0.isBroken }) {
            throw DatabaseError(fault?.kind == .dropped ? .connectionLost : .other, "the transaction is over")
        }
        let strikes = number == fault?.place
        if strikes, let fault, !fault.isAfter { try await strike(fault, statement) }
        if case .begin = statement.action { state.withLock { ($0.begun, $0.isInTransaction) = ($0.begun + 1, true) } }
        if case .commit = statement.action { state.withLock { $0.isInTransaction = false } }
        let result = try await base.run([statement])[0]
        if strikes, let fault, fault.isAfter { try await strike(fault, statement) }
        return result
    }

    private func strike(_ fault: InjectedFault, _ statement: Statement) async throws {
        let isCommit = if case .commit = statement.action { true } else { false }
        let isRollback = if case .rollback = statement.action { true } else { false }
        // A database that says no to a statement has not carried it out.
        if fault.isAfter, isCommit || isRollback || !state.withLock({ $0.isInTransaction }),
            ![.killed, .dropped].contains(fault.kind)
        {
            return
        }
        state.withLock { ($0.hasStruck, $0.hasStruckCommit) = (true, isCommit) }
        switch fault.kind {
        case .killed: kill(getpid(), SIGKILL)
        case .dropped:
            await base.close()
            let fresh = try await open()
            state.withLock { ($0.base, $0.isBroken) = (fresh, $0.isInTransaction || (isCommit && !fault.isAfter)) }
        default:
            // A COMMIT that failed has rolled back.
            if isCommit { _ = try await base.run([.rollback]) }
            state.withLock { $0.isBroken = $0.isInTransaction && !isCommit }
        }
        throw DatabaseError(
            fault.kind.code,
            "injected: \(fault.kind.rawValue)",
            kind: .retryable
        )
    }

    package func encoded(_ statement: Statement) -> Statement { base.encoded(statement) }

    package func schema(of table: String) async throws -> TableSchema? {
        let number = state.withLock { state in
            defer { state.count += 1 }
            return state.count
        }
        if number == fault?.place, let fault { try await strike(fault, .query("SELECT 1")) }
        return try await base.schema(of: table)
    }

    package func close() async { await base.close() }
}
