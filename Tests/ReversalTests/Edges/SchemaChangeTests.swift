import DataMigrations
import Database
import TestSupport
import Testing

/// Tables that look otherwise than when the migration ran.
@Suite(.serialized) struct SchemaChangeTests {
    @Test(arguments: Store.all) func aTableThatIsGoneIsNamedAndTheOthersAreLeftAlone(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(20, in: connection)
            let before = try await Snapshot(connection)
            let migration = entry(Accounts.Mix(batchSize: 5))
            _ = try await connection.runner().migrate(migration)
            try await connection.execute("DROP TABLE copies")
            let migrated = try await Snapshot(connection)
            let error = await #expect(throws: MigrationError.self) {
                try await connection.runner().rollback(migration)
            }
            #expect(error?.code == .mismatch)
            #expect(error?.description.contains("copies") == true)
            #expect(try await Snapshot(connection).difference(from: migrated) == nil)

            // Once there is such a table, the rollback comes to its end: copies that are gone need not be deleted.
            try await connection.execute(
                """
                CREATE TABLE copies (\(raw: store.numberedKey), source BIGINT NOT NULL UNIQUE, note TEXT,
                extra TEXT DEFAULT 'extra')
                """
            )
            let report = try await connection.runner().rollback(migration)
            #expect(report.conflicts == 0)
            #expect(report.counters.skipped == 5)
            try await connection.expectRolledBack(to: before)
        }
    }

    @Test(arguments: Store.all) func aColumnThatWasAddedKeepsWhatItHolds(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(20, in: connection)
            let migration = entry(Accounts.Mix(batchSize: 5))
            let before = try await connection.texts("SELECT id, name, mark, extra FROM accounts ORDER BY id")
            _ = try await connection.runner().migrate(migration)
            for table in ["accounts", "copies"] {
                try await connection.execute("ALTER TABLE \(raw: table) ADD COLUMN later TEXT DEFAULT 'later'")
            }
            try await connection.execute("UPDATE accounts SET later = 'mine' WHERE id = 4")
            let report = try await connection.runner().rollback(migration)
            #expect(report.conflicts == 0)
            let after = try await connection.texts("SELECT id, name, mark, extra FROM accounts ORDER BY id")
            #expect(after == before)
            let later = try await connection.texts("SELECT id, later FROM accounts WHERE later <> 'later'")
            #expect(later == [["4", "mine"]])
            #expect(try await connection.number("SELECT count(*) FROM copies") == 0)
        }
    }

    @Test(arguments: Store.all) func aColumnThatTheMigrationDidNotWriteMayBeDropped(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(20, in: connection)
            let migration = entry(Accounts.Mark())
            _ = try await connection.runner().migrate(migration)
            try await connection.execute("ALTER TABLE accounts DROP COLUMN extra")
            #expect(try await connection.runner().rollback(migration).counters.changed == 20)
            #expect(try await connection.number("SELECT count(*) FROM accounts WHERE mark IS NOT NULL") == 0)
        }
    }

    @Test(arguments: Store.all) func aColumnThatTheMigrationWroteIsMissed(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(20, in: connection)
            let before = try await Snapshot(connection)
            let migration = entry(Accounts.Mark())
            _ = try await connection.runner().migrate(migration)
            try await connection.execute("ALTER TABLE accounts RENAME COLUMN mark TO sign")
            let migrated = try await Snapshot(connection)
            for policy in ConflictPolicy.allCases {
                let error = await #expect(throws: MigrationError.self) {
                    try await connection.runner().rollback(migration, onConflict: policy)
                }
                #expect(error?.description.contains("mark") == true)
                #expect(try await Snapshot(connection).difference(from: migrated) == nil)
            }
            try await connection.execute("ALTER TABLE accounts RENAME COLUMN sign TO mark")
            #expect(try await connection.runner().rollback(migration).counters.changed == 20)
            try await connection.expectRolledBack(to: before)
        }
    }

    @Test(arguments: Store.all) func rowsThatOthersReferToAreReportedAndLeft(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(20, in: connection)
            try await connection.execute("CREATE TABLE likes (copy_id BIGINT NOT NULL REFERENCES copies (id))")
            let migration = entry(Accounts.Mix(batchSize: 100))
            _ = try await connection.runner().migrate(migration)
            try await connection.execute("INSERT INTO likes SELECT id FROM copies WHERE source IN (2, 14)")
            let migrated = try await Snapshot(connection)
            let error = await #expect(throws: MigrationError.self) {
                try await connection.runner().rollback(migration)
            }
            #expect(error?.code == .tooManyFailures)
            #expect(try await Snapshot(connection).difference(from: migrated) == nil)

            let report = try await connection.runner().rollback(migration, onConflict: .skip)
            #expect(report.status == .rolledBack)
            #expect(report.conflicts == 2)
            let left = try await connection.texts("SELECT source FROM copies ORDER BY source")
            #expect(left == [["2"], ["14"]])
            #expect(try await connection.number("SELECT count(*) FROM accounts WHERE mark IS NOT NULL") == 0)
            #expect(try await connection.number("SELECT count(*) FROM accounts") == 20)
            let reasons = try await connection.texts("SELECT locator, status, error FROM data_migration_quarantine")
            #expect(reasons.allSatisfy { $0[0]?.hasPrefix("copies ") == true && $0[1] == "skipped" })
            #expect(reasons.allSatisfy { $0[2]?.isEmpty == false })
        }
    }
}
