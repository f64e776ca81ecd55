import DataMigrations
import Database
import TestSupport
import Testing

/// Where there is no way back, or only part of one, the person is told, and nothing is changed.
@Suite(.serialized) struct RefusalTests {
    /// Marks all accounts without a journal.
    struct Unjournaled: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10), journal: .off) }
        var rows: Query<Account> { Account.where("mark IS NULL") }
        func transform(_ account: inout Account) { account.mark = "marked" }
    }

    /// Expects that a rollback is refused for good, and that nothing is changed.
    private func expectRefusal(
        of migration: MigrationPlan.Entry,
        naming words: [String],
        _ connection: any DatabaseConnection
    ) async throws {
        let before = try await Snapshot(connection)
        for policy in ConflictPolicy.allCases {
            let error = await #expect(throws: MigrationError.self) {
                try await connection.runner().rollback(migration, onConflict: policy)
            }
            #expect(error?.code == .irreversible)
            for word in words { #expect(error?.description.contains(word) == true, "\(String(describing: error))") }
        }
        let planned = await #expect(throws: MigrationError.self) {
            try await connection.runner().rollbackPlan(of: migration)
        }
        #expect(planned?.code == .irreversible)
        #expect(try await Snapshot(connection).difference(from: before) == nil)
        let runs = try await connection.texts("SELECT status, direction, error FROM data_migration_runs")
        #expect(runs == [["succeeded", "up", nil]])
        #expect(try await connection.number("SELECT count(*) FROM data_migrations") == 1)
    }

    @Test(arguments: Store.all) func aMigrationWithoutAJournalIsNotTakenBack(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(30, in: connection)
            let migration = entry(Unjournaled())
            _ = try await connection.runner().migrate(migration)
            #expect(try await connection.number("SELECT count(*) FROM data_migration_journal") == 0)
            try await expectRefusal(of: migration, naming: ["journal: .off", "down(_:)"], connection)
        }
    }

    /// Marks accounts, and writes with SQL of its own besides.
    struct Executing: BatchMigration {
        var statement: SQL

        init() { statement = "" }
        init(_ statement: SQL) { self.statement = statement }

        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
        var rows: Query<Account> { Account.all }

        func process(_ accounts: [Account], _ batch: Batch) async throws {
            try await batch.update(accounts.map { Account(id: $0.id, name: $0.name, mark: "marked") })
            try await batch.execute(statement)
        }
    }

    @Test(
        arguments: Store.all,
        [
            "UPDATE accounts SET extra = 'by hand' WHERE id <= 3",
            "-- select nothing\nUPDATE accounts SET extra = 'by hand' WHERE id <= 3",
            "/* table */ UPDATE accounts SET extra = 'by hand' WHERE id <= 3",
            "WITH few AS (SELECT 3 AS most)\nUPDATE\naccounts SET extra = 'by hand' WHERE id <= (SELECT most FROM few)",
        ]
    )
    func whatTheAuthorWroteInSQLIsNamedAndTheRestIsTakenBackWhereThatIsWanted(
        _ store: Store,
        _ text: String
    ) async throws {
        try await store.with { connection in
            try await Accounts.make(30, in: connection)
            let migration = entry(Executing(SQL(raw: text)))
            _ = try await connection.runner().migrate(migration)
            let named = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(30)
            try await expectRefusal(of: migration, naming: [String(named), "--journaled-only"], connection)

            let plan = try await connection.runner().rollbackPlan(of: migration, journaledOnly: true)
            #expect(plan.rows == 30)
            #expect(plan.outside.count == 1)
            let report = try await connection.runner().rollback(migration, journaledOnly: true)
            #expect(report.status == .rolledBack)
            #expect(try await connection.number("SELECT count(*) FROM accounts WHERE mark IS NOT NULL") == 0)
            let left = try await connection.texts("SELECT id FROM accounts WHERE extra = 'by hand' ORDER BY id")
            #expect(left == [["1"], ["2"], ["3"]])
        }
    }

    /// Writes beside its steps, as a migration may.
    struct Direct: DataMigration {
        func up(_ migration: MigrationContext) async throws {
            try await migration.step("mark") { batch in
                try await Account.all.updateAll("mark = 'marked'", in: batch)
            }
            try await migration.insert(CopiedAccount(source: 1, note: "direct"))
        }
    }

    @Test(arguments: Store.all) func whatWasWrittenBesideTheStepsIsNamed(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(5, in: connection)
            let migration = entry(Direct())
            _ = try await connection.runner().migrate(migration)
            try await expectRefusal(of: migration, naming: ["INSERT INTO copies"], connection)
            _ = try await connection.runner().rollback(migration, journaledOnly: true)
            #expect(try await connection.texts("SELECT DISTINCT mark FROM accounts") == [[nil]])
            #expect(try await connection.number("SELECT count(*) FROM copies") == 1)
        }
    }

    @Test(arguments: Store.all) func whatOnlyReadsIsNoReason(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(5, in: connection)
            let before = try await Snapshot(connection)
            let migration = entry(Executing("WITH few AS (SELECT id FROM accounts) SELECT count(*) FROM few"))
            _ = try await connection.runner().migrate(migration)
            #expect(try await connection.runner().rollback(migration).status == .rolledBack)
            try await connection.expectRolledBack(to: before)
        }
    }

    @Test(arguments: Store.all) func whatWasNeverRunOrIsTakenBackIsNotTakenBack(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(5, in: connection)
            let migration = entry(Accounts.Mark())
            for _ in 1...2 {
                let error = await #expect(throws: MigrationError.self) {
                    try await connection.runner().rollback(migration)
                }
                #expect(error?.code == .state)
                let planned = await #expect(throws: MigrationError.self) {
                    try await connection.runner().rollbackPlan(of: migration)
                }
                #expect(planned?.code == .state)
                if try await connection.number("SELECT count(*) FROM data_migration_runs") == 0 {
                    _ = try await connection.runner().migrate(migration)
                    _ = try await connection.runner().rollback(migration)
                }
            }
        }
    }
}
