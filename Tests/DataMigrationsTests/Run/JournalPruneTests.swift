import DataMigrations
import DataMigrationsTesting
import Testing

/// Old parts of the journal are removed; what is left of it is never taken for the whole.
@Suite("Removing a journal") struct JournalPruneTests {
    private func database() async throws -> TestDatabase {
        let database = try await TestDatabase()
        try await makeUsers(300, in: database)
        _ = try await database.runner().migrate(entry(BackfillSlugs()))
        return database
    }

    /// Has all runs end some time ago.
    private func age(by modifier: String, in database: TestDatabase) async throws {
        try await database.execute("UPDATE data_migration_runs SET finished_at = datetime('now', \(modifier))")
    }

    private func states(_ database: TestDatabase) async throws -> [[String?]] {
        try await database.texts("SELECT journal FROM data_migration_runs ORDER BY id")
    }

    @Test func keepsARollbackFromBeginningAndSaysWhy() async throws {
        let database = try await database()
        try await age(by: "-1 hours", in: database)
        let size = try await database.runner().journalSize(of: "20240101120000")
        #expect(size.entries == 3)
        #expect(size.rows == 300)
        let removed = try await database.runner().pruneJournal(olderThan: 1_800)
        #expect(removed == size)
        #expect(try await database.number("SELECT count(*) FROM data_migration_journal") == 0)
        #expect(try await database.runner().journalSize(of: "20240101120000").entries == 0)
        let error = await #expect(throws: MigrationError.self) {
            try await database.runner().rollback(entry(BackfillSlugs()))
        }
        #expect(error?.code == .irreversible)
        #expect(error?.description.contains("its journal was pruned") == true)
        #expect(try await database.texts("SELECT status, direction FROM data_migration_runs") == [["succeeded", "up"]])
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NULL") == 0)
    }

    @Test func leavesYoungerOnes() async throws {
        let database = try await database()
        try await age(by: "-1 hours", in: database)
        #expect(try await database.runner().pruneJournal(olderThan: 7_200).entries == 0)
        #expect(try await states(database) == [["on"]])
        #expect(try await database.runner().rollback(entry(BackfillSlugs())).status == .rolledBack)
    }

    @Test func leavesThoseOfOtherMigrationsAndOfRunsThatGoOn() async throws {
        let database = try await database()
        _ = try await database.runner().migrate(entry(Rename(), version: "2"))
        try await age(by: "-1 hours", in: database)
        #expect(try await database.runner().pruneJournal(olderThan: 0, of: entry(Rename(), version: "2")).entries == 1)
        #expect(try await states(database) == [["on"], ["pruned"]])
        try await database.execute("UPDATE data_migration_runs SET finished_at = NULL, status = 'running'")
        #expect(try await database.runner().pruneJournal(olderThan: 0).entries == 0)
        #expect(try await states(database) == [["on"], ["pruned"]])
    }

    struct Rename: RowMigration {
        var rows: Query<User> { User.where("id < 10") }
        func transform(_ user: inout User) { user.name += "!" }
    }

    @Test func goesOnWithWhatAProcessThatWasKilledLeft() async throws {
        let database = try await database()
        try await age(by: "-1 hours", in: database)
        try await database.execute("UPDATE data_migration_runs SET journal = 'pruned'")
        try await database.execute("DELETE FROM data_migration_journal WHERE id = 1")
        #expect(try await database.runner().pruneJournal(olderThan: 7_200).entries == 0)
        #expect(try await database.runner().pruneJournal(olderThan: 60).entries == 2)
        #expect(try await database.number("SELECT count(*) FROM data_migration_journal") == 0)
        #expect(try await database.runner().pruneJournal(olderThan: 60).entries == 0)
    }

    @Test func isNotKeptOffByARollbackThatDidNotBegin() async throws {
        let database = try await database()
        try await age(by: "-1 hours", in: database)
        let ended = try await database.texts("SELECT finished_at FROM data_migration_runs")
        try await database.execute("UPDATE users SET slug = 'mine' WHERE id = 7")
        await #expect(throws: MigrationError.self) { try await database.runner().rollback(entry(BackfillSlugs())) }
        #expect(try await database.texts("SELECT finished_at FROM data_migration_runs") == ended)
        #expect(try await database.runner().pruneJournal(olderThan: 60).entries == 3)
    }

    @Test func makesNoLedgerWhereThereIsNone() async throws {
        let database = try await TestDatabase()
        #expect(try await database.runner().pruneJournal(olderThan: 0).entries == 0)
        #expect(try await database.wholeDatabase() == ["sqlite_master": []])
    }
}
