import DataMigrations
import Database
import TestSupport
import Testing

/// A ledger of the release before the journal is upgraded, and keeps what it holds.
@Suite(.serialized) struct LedgerFormatTests {
    private let done = MigrationPlan.Entry(version: "20230101000000", name: "done") { Accounts.Mark() }
    private let half = MigrationPlan.Entry(version: "20230102000000", name: "half") { Accounts.Mark() }

    private func format(_ connection: any DatabaseConnection) async throws -> Int {
        try await connection.number("SELECT version FROM data_migration_format")
    }

    @Test(arguments: Store.all) func aLookAtAnOldLedgerLeavesItAsItIs(_ store: Store) async throws {
        try await store.with { connection in
            try await OldLedger.make(in: connection)
            let before = try await Snapshot(connection, ledger: true)
            let status = try await connection.runner().status(of: MigrationPlan([done, half]))
            #expect(status.compactMap { $0.state } == [.succeeded, .cancelled])
            let error = await #expect(throws: MigrationError.self) {
                try await connection.runner().rollbackPlan(of: done)
            }
            #expect(error?.code == .irreversible)
            #expect(try await Snapshot(connection, ledger: true).difference(from: before) == nil)
        }
    }

    @Test(arguments: Store.all) func anOldRunIsKeptAndSaysWhyItCannotBeTakenBack(_ store: Store) async throws {
        try await store.with { connection in
            try await OldLedger.make(in: connection)
            try await Accounts.make(20, in: connection)
            let before = try await Snapshot(connection)
            for _ in 1...2 {
                let error = await #expect(throws: MigrationError.self) {
                    try await connection.runner().rollback(done)
                }
                #expect(error?.code == .irreversible)
                #expect(error?.description.contains("without a journal") == true)
                #expect(try await format(connection) == 3)
            }
            #expect(try await Snapshot(connection).difference(from: before) == nil)
            let runs = try await connection.texts(
                "SELECT id, name, direction, status, journal, started_by FROM data_migration_runs ORDER BY id"
            )
            #expect(
                runs == [
                    ["1", "done", "up", "succeeded", "none", "ada"], ["2", "half", "up", "cancelled", "none", "ada"],
                ]
            )
            #expect(try await connection.texts("SELECT version FROM data_migrations") == [["20230101000000"]])
            #expect(try await connection.number("SELECT count(*) FROM data_migration_journal") == 0)
            #expect(try await connection.number("SELECT sum(changed) FROM data_migration_slices") == 20)
        }
    }

    @Test(arguments: Store.all) func aRunThatBeganWithoutAJournalEndsWithoutOne(_ store: Store) async throws {
        try await store.with { connection in
            try await OldLedger.make(in: connection)
            try await Accounts.make(20, in: connection)
            #expect(try await connection.runner().migrate(half)?.status == .succeeded)
            #expect(try await connection.number("SELECT count(*) FROM accounts WHERE mark IS NULL") == 0)
            // Half of it would be half a way back.
            #expect(try await connection.number("SELECT count(*) FROM data_migration_journal") == 0)
            let error = await #expect(throws: MigrationError.self) { try await connection.runner().rollback(half) }
            #expect(error?.code == .irreversible)
        }
    }

    @Test(arguments: Store.all) func aNewMigrationIsJournaledInAnUpgradedLedger(_ store: Store) async throws {
        try await store.with { connection in
            try await OldLedger.make(in: connection)
            try await Accounts.make(20, in: connection)
            let before = try await Snapshot(connection)
            let migration = entry(Accounts.Mark())
            _ = try await connection.runner().migrate(migration)
            #expect(try await connection.number("SELECT count(*) FROM data_migration_journal") == 2)
            #expect(try await connection.runner().rollback(migration).counters.changed == 20)
            #expect(try await Snapshot(connection).difference(from: before) == nil)
        }
    }

    @Test(arguments: Store.all) func whatSomebodyRecordedByHandSaysWhyToo(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(20, in: connection)
            let migration = entry(Accounts.Mark())
            _ = try await connection.runner().migrate(entry(Accounts.Mix(), version: "20230301000000"))
            try await connection.execute(
                "INSERT INTO data_migrations (version, name) VALUES (\(migration.version), \(migration.name))"
            )
            let error = await #expect(throws: MigrationError.self) {
                try await connection.runner().rollback(migration)
            }
            #expect(error?.code == .irreversible)
            #expect(error?.description.contains("marked") == true)
            #expect(try await connection.number("SELECT count(*) FROM data_migrations") == 2)
        }
    }
}
