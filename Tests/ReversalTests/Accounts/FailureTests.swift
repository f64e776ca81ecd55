import DataMigrations
import Database
import TestSupport
import Testing

/// A rollback that fails, or is gone, at any of its statements goes on to the same end.
@Suite(.serialized) struct FailureTests {
    @Test(.timeLimit(.minutes(10)), arguments: Store.all, Triggers.allCases)
    func aRollbackThatFailsAtAnyStatementWritesEachRowOnce(_ store: Store, _ triggers: Triggers) async throws {
        // A session of a server costs more: there, what leaves more behind is enough.
        let modes: [FailingConnection.Mode] = store == .sqlite ? [.once, .forGood] : [.forGood]
        for mode in modes {
            let places = try await Self.failEverywhere(mode, store, triggers)
            #expect(places > 20, "\(mode)")
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: Store.all)
    func aCommitWhoseAnswerIsLostIsNotMadeTwice(_ store: Store) async throws {
        let places = try await Self.failEverywhere(.answer, store, .none)
        #expect(places > 4)
    }

    /// Lets a rollback fail at its first statement, at its second one, and so on.
    ///
    /// - Returns: how many there are.
    private static func failEverywhere(
        _ mode: FailingConnection.Mode,
        _ store: Store,
        _ triggers: Triggers
    ) async throws -> Int {
        for place in 0..<1_000 {
            let isReached = try await store.with { try await fail(at: place, mode, triggers, $0) }
            if !isReached { return place }
        }
        Issue.record("a rollback of 20 rows takes more than 1000 statements")
        return 1_000
    }

    private static func fail(
        at place: Int,
        _ mode: FailingConnection.Mode,
        _ triggers: Triggers,
        _ connection: any DatabaseConnection
    ) async throws -> Bool {
        try await Accounts.make(20, triggers, in: connection)
        let before = try await Snapshot(connection)
        let migration = entry(Accounts.Mark(batchSize: 5))
        _ = try await connection.runner().migrate(migration)
        try await connection.noteWrites(triggers)

        let failing = FailingConnection(connection, at: place, mode)
        do {
            _ = try await Runner(failing).rollback(migration)
        } catch {
            #expect(failing.isReached, "\(mode) at \(place): \(error)")
        }
        // What a process that is gone leaves: no transaction, and leases that nobody renews.
        _ = try? await connection.run([.rollback])
        try await connection.execute("UPDATE data_migration_slices SET owner = NULL, lease_until = 0")
        let done = try await connection.number("SELECT count(*) FROM data_migration_runs WHERE status = 'rolled_back'")
        if done == 0 {
            let report = try await connection.runner().rollback(migration)
            #expect(report.counters.changed == 20, "\(mode) at \(place)")
        }
        try await connection.expectRolledBack(to: before, "\(mode) at \(place)")
        try await connection.expectOneWriteEach(20, "\(mode) at \(place)")
        return failing.isReached
    }
}
