import DataMigrations
import Database
import TestSupport
import Testing

/// Who writes a `down` knows better than the journal.
@Suite(.serialized) struct OwnDownTests {
    struct Own: DataMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }

        func up(_ migration: MigrationContext) async throws {
            try await migration.inBatches(Account.all, step: "up") { accounts, batch in
                try await batch.update(accounts.map { Account(id: $0.id, name: $0.name, mark: "up") })
                try await batch.execute("UPDATE accounts SET extra = 'by hand' WHERE id = 1")
            }
        }

        func down(_ migration: MigrationContext) async throws {
            try await migration.inBatches(Account.all, step: "down") { accounts, batch in
                try await batch.update(accounts.map { Account(id: $0.id, name: $0.name, mark: "down") })
            }
        }
    }

    @Test(arguments: Store.all) func anAuthorsDownWins(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(30, in: connection)
            let migration = entry(Own())
            _ = try await connection.runner().migrate(migration)
            let entries = try await connection.number("SELECT count(*) FROM data_migration_journal")
            #expect(entries == 3)
            // What was written since, or can't be taken back by a journal, is the author's business.
            try await connection.execute("UPDATE accounts SET mark = 'mine' WHERE id = 7")
            let paused = try await connection.runner(stoppingAfter: 1).rollback(migration)
            #expect(paused.status == .paused)
            #expect(try await connection.runner().rollback(migration).status == .rolledBack)
            #expect(try await connection.texts("SELECT DISTINCT mark FROM accounts") == [["down"]])
            #expect(try await connection.number("SELECT count(*) FROM data_migrations") == 0)
            // The way back is not to be taken back.
            #expect(try await connection.number("SELECT count(*) FROM data_migration_journal") == entries)
        }
    }
}
