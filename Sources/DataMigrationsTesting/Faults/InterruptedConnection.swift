import Database
import Synchronization

/// A connection that ends at a COMMIT, as if its process were killed there: what was not committed is gone, and nothing
/// gets through any more.
final class InterruptedConnection: DatabaseConnection {
    /// Where it ends.
    struct Place: Sendable {
        /// At which COMMIT, counted from 1.
        var commit: Int
        /// Whether that one is carried out.
        var isAfter: Bool
    }

    /// What its sessions have in common.
    private final class Course: Sendable {
        struct State {
            /// How many COMMITs were carried out.
            var commits = 0
            /// Whether the place was reached.
            var hasEnded = false
            /// How far sequences had counted when the last transaction began.
            var sequences: PostgresSequences?
        }

        let place: Place
        let state = Mutex(State())

        init(_ place: Place) { self.place = place }
    }

    let dialect: any Dialect
    private let session: TrialConnection
    private let course: Course

    /// Ends a session at a place.
    convenience init(_ session: TrialConnection, at place: Place) { self.init(session, Course(place)) }

    private init(_ session: TrialConnection, _ course: Course) {
        self.session = session
        self.course = course
        dialect = session.connection.dialect
    }

    /// Whether the place was reached.
    var hasEnded: Bool { course.state.withLock { $0.hasEnded } }

    func run(_ statements: [Statement]) async throws -> [StatementResult] {
        try refuseIfEnded()
        let base = session.connection
        let done = course.state.withLock { $0.commits }
        let commits = statements.indices.filter { statements[$0].isCommit }
        let place = course.place
        let isBegun = statements.contains { if case .begin = $0.action { true } else { false } }
        if isBegun, done + 1 == place.commit, !place.isAfter, base.dialect.rowLock != nil {
            let sequences = try await PostgresSequences(base)
            course.state.withLock { $0.sequences = sequences }
        }
        guard done < place.commit, place.commit <= done + commits.count else {
            let results = try await base.run(statements)
            course.state.withLock { $0.commits += commits.count }
            return results
        }
        let end = commits[place.commit - done - 1]
        let rest = place.isAfter ? statements[...end] : statements[..<end]
        if !rest.isEmpty { _ = try await base.run(Array(rest)) }
        try await strike()
        throw Self.ended
    }

    private func strike() async throws {
        let sequences = course.state.withLock { state in
            state.hasEnded = true
            return state.sequences
        }
        _ = try? await session.connection.run([.rollback])
        // The same numbers again: the rows can then be compared with those of a run that was left alone.
        try await sequences?.restore(session.connection)
    }

    func encoded(_ statement: Statement) -> Statement { session.connection.encoded(statement) }

    func text(of statement: Statement) async -> String? { await session.connection.text(of: statement) }

    func schema(of table: String) async throws -> TableSchema? {
        try refuseIfEnded()
        return try await session.connection.schema(of: table)
    }

    func another() async throws -> (any DatabaseConnection)? {
        try refuseIfEnded()
        guard let another = try await session.connection.another() else { return nil }
        return InterruptedConnection(TrialConnection(another), course)
    }

    func close() async { await session.end() }

    private func refuseIfEnded() throws { if hasEnded { throw Self.ended } }

    /// It is not to be tried again.
    private static var ended: DatabaseError {
        DatabaseError(.connectionLost, "the test has interrupted the run", kind: .fatal)
    }
}

extension Statement {
    /// Whether it is a COMMIT.
    var isCommit: Bool { if case .commit = action { true } else { false } }
}
