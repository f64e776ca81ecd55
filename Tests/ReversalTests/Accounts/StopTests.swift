import DataMigrations
import Database
import TestSupport
import Testing

/// A rollback that is stopped goes on where it stopped.
///
/// Tables with triggers take a way of their own through the journal: what they store is read back.
@Suite(.serialized) struct StopTests {
    @Test(arguments: Store.all, Triggers.allCases)
    func aRollbackThatIsStoppedAtAnyBatchWritesEachRowOnce(_ store: Store, _ triggers: Triggers) async throws {
        for batches in 1...11 {
            try await store.with { connection in
                try await Accounts.make(100, triggers, in: connection)
                let before = try await Snapshot(connection)
                let migration = entry(Accounts.Mark())
                _ = try await connection.runner().migrate(migration)
                try await connection.noteWrites(triggers)

                let first = try await connection.runner(stoppingAfter: batches).rollback(migration)
                #expect(first.status == (batches > 10 ? .rolledBack : .paused))
                let marked = try await connection.number("SELECT count(*) FROM accounts WHERE mark IS NOT NULL")
                #expect(marked == 100 - 10 * min(batches, 10))
                // The last ones that were written are the first to be taken back.
                let highest = try await connection.number(
                    "SELECT coalesce(max(id), 0) FROM accounts WHERE mark IS NOT NULL"
                )
                #expect(highest == marked)

                if batches <= 10 {
                    let error = await #expect(throws: MigrationError.self) {
                        try await connection.runner().migrate(migration)
                    }
                    #expect(error?.code == .state)
                    let second = try await connection.runner().rollback(migration)
                    #expect(second.counters.changed == 100)
                }
                try await connection.expectRolledBack(to: before, "\(batches) batches")
                try await connection.expectOneWriteEach(100, "\(batches) batches")
            }
        }
    }

    @Test(arguments: Store.all) func aRollbackThatIsStoppedAtEachBatchComesToItsEnd(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(60, in: connection)
            let before = try await Snapshot(connection)
            let migration = entry(Accounts.Mix(batchSize: 5))
            _ = try await connection.runner().migrate(migration)
            var stops = 0
            while try await connection.runner(stoppingAfter: 1).rollback(migration).status == .paused { stops += 1 }
            #expect(stops == 12)
            try await connection.expectRolledBack(to: before)
        }
    }

    @Test(arguments: Store.all) func aRowThatIsChangedWhileTheRollbackWaitsIsFound(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(40, in: connection)
            let migration = entry(Accounts.Mark())
            _ = try await connection.runner().migrate(migration)
            let first = try await connection.runner(stoppingAfter: 2).rollback(migration)
            #expect(first.status == .paused)
            // The one is to be taken back yet, the other one is taken back already.
            try await connection.execute("UPDATE accounts SET mark = 'mine' WHERE id IN (7, 33)")
            let waiting = try await Snapshot(connection)
            let error = await #expect(throws: MigrationError.self) {
                try await connection.runner().rollback(migration)
            }
            #expect(error?.code == .conflict)
            #expect(try await Snapshot(connection).difference(from: waiting) == nil)
            let states = try await connection.texts("SELECT status, direction FROM data_migration_runs")
            #expect(states == [["paused", "down"]])

            let report = try await connection.runner().rollback(migration, onConflict: .skip)
            #expect(report.status == .rolledBack)
            #expect(report.conflicts == 1)
            let left = try await connection.texts("SELECT id FROM accounts WHERE mark IS NOT NULL ORDER BY id")
            #expect(left == [["7"], ["33"]])
        }
    }
}
