import DataMigrations
import Database
import TestSupport
import Testing

/// Runs that did not simply go through once.
@Suite(.serialized) struct HalfRunTests {
    @Test(arguments: Store.all) func halfARunIsTakenBackAndCanBeRunAnew(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(100, in: connection)
            let before = try await Snapshot(connection)
            let migration = entry(Accounts.Mark())
            #expect(try await connection.runner(stoppingAfter: 4).migrate(migration)?.status == .cancelled)
            #expect(try await connection.number("SELECT count(*) FROM accounts WHERE mark IS NOT NULL") == 40)

            let report = try await connection.runner().rollback(migration)
            #expect(report.counters.changed == 40)
            try await connection.expectRolledBack(to: before)

            #expect(try await connection.runner().migrate(migration)?.status == .succeeded)
            #expect(try await connection.number("SELECT count(*) FROM accounts WHERE mark IS NOT NULL") == 100)
            // Only what the new run did is taken back now.
            #expect(try await connection.runner().rollback(migration).counters.changed == 100)
            try await connection.expectRolledBack(to: before)
        }
    }

    /// Marks 50 accounts, of which an application makes five meet the condition again, behind the cursor.
    private func markTwice(_ migration: MigrationPlan.Entry, _ connection: any DatabaseConnection) async throws {
        _ = try await connection.runner(stoppingAfter: 3).migrate(migration)
        try await connection.execute("UPDATE accounts SET mark = NULL WHERE id <= 5")
        let run = try await connection.runner().migrate(migration)
        #expect(run?.status == .succeeded)
        #expect(run?.counters.changed == 55)
    }

    @Test(arguments: Store.all) func rowsThatTheSweepWroteOnceMoreGetTheirFirstValuesBack(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(50, in: connection)
            let before = try await Snapshot(connection)
            let migration = entry(Accounts.Mark(renames: false))
            try await markTwice(migration, connection)
            let plan = try await connection.runner().rollbackPlan(of: migration)
            #expect(plan.conflictCount == 0)
            #expect(plan.rows == 55)
            let report = try await connection.runner().rollback(migration)
            #expect(report.counters.changed == 50)
            // The application had put these back itself.
            #expect(report.counters.skipped == 5)
            try await connection.expectRolledBack(to: before)
        }
    }

    @Test(arguments: Store.all, [ConflictPolicy.skip, .force])
    func rowsThatAnApplicationWroteBetweenTwoWritesOfTheRunAreInConflict(
        _ store: Store,
        _ policy: ConflictPolicy
    ) async throws {
        try await store.with { connection in
            try await Accounts.make(50, in: connection)
            let before = try await Snapshot(connection)
            let migration = entry(Accounts.Mark())
            try await markTwice(migration, connection)
            let report = try await connection.runner().rollback(migration, onConflict: policy)
            #expect(report.conflicts == (policy == .skip ? 5 : 0))
            if policy == .force { return try await connection.expectRolledBack(to: before) }
            let left = try await connection.texts("SELECT id, name, mark FROM accounts WHERE name LIKE '%x'")
            #expect(left.count == 5)
            #expect(left.allSatisfy { $0[1] == "Name \($0[0] ?? "")x" && $0[2] == nil })
        }
    }

    /// Writes each row twice: in a step, and in batches.
    struct Twice: DataMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }

        func up(_ migration: MigrationContext) async throws {
            try await migration.step("all") { batch in
                try await Account.all.updateAll("name = name || '!', mark = 'first'", in: batch)
            }
            try await migration.inBatches(Account.all, step: "each") { accounts, batch in
                let last = accounts.map { Account(id: $0.id, name: ($0.name ?? "") + "?", mark: "last") }
                try await batch.update(last)
            }
        }
    }

    @Test(arguments: Store.all)
    func rowsThatWereWrittenTwiceAreNotInConflictWithThemselves(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(35, in: connection)
            let before = try await Snapshot(connection)
            let migration = entry(Twice())
            _ = try await connection.runner().migrate(migration)
            let plan = try await connection.runner().rollbackPlan(of: migration)
            #expect(plan.conflictCount == 0)
            #expect(plan.rows == 70)
            #expect(try await connection.runner().rollback(migration).counters.changed == 70)
            try await connection.expectRolledBack(to: before)
        }
    }

    /// Refuses some of the rows.
    struct Picky: RowMigration {
        var tolerates: MigrationOptions.Tolerance = .none

        init() {}
        init(tolerates: MigrationOptions.Tolerance) { self.tolerates = tolerates }

        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10), tolerates: tolerates) }
        var rows: Query<Account> { Account.all }

        func transform(_ account: inout Account) throws {
            if account.id % 10 == 3 { throw Refused() }
            account.mark = "picked"
        }

        struct Refused: Error {}
    }

    @Test(arguments: Store.all, [false, true])
    func rowsInQuarantineAreLeftAloneAndSettled(_ store: Store, _ tolerates: Bool) async throws {
        try await store.with { connection in
            try await Accounts.make(40, in: connection)
            let before = try await Snapshot(connection)
            let migration = entry(Picky(tolerates: tolerates ? .upTo(4) : .none))
            let run = try await connection.runner().migrate(migration)
            #expect(run?.status == (tolerates ? .succeeded : .quarantined))
            #expect(run?.openQuarantine == 4)

            let report = try await connection.runner().rollback(migration)
            #expect(report.counters.changed == 36)
            #expect(report.openQuarantine == 0)
            #expect(report.conflicts == 0)
            try await connection.expectRolledBack(to: before)
            let states = try await connection.texts("SELECT DISTINCT status FROM data_migration_quarantine")
            #expect(states == [["rolled_back"]])
            // The next run has a quarantine of its own.
            #expect(try await connection.runner().migrate(migration)?.openQuarantine == 4)
        }
    }
}
