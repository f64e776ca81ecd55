import DataMigrations
import DataMigrationsTesting
import Testing

/// The gate lets a program pass only if migrations are executed and verified.
@Suite struct GateTests {
    private func refusal(_ names: String..., in database: TestDatabase) async -> MigrationError? {
        await #expect(throws: MigrationError.self) { try await DataMigrations.require(names, in: database) }
    }

    /// A database in which a migration has passed.
    private func passed() async throws -> TestDatabase {
        let database = try await TestDatabase()
        try await makeUsers(30, in: database)
        _ = try await database.runner().migrate(entry(BackfillSlugs()))
        return database
    }

    @Test func whatIsExecutedAndVerifiedPasses() async throws {
        let database = try await passed()
        try await DataMigrations.require("backfill_slugs", in: database)
        try await DataMigrations.require("20240101120000", in: database.connection)
        try await DataMigrations.require("backfill_slugs", "20240101120000", in: database)
    }

    @Test func withoutALedgerNothingPassesAndNothingIsMade() async throws {
        let database = try await TestDatabase()
        let error = await refusal("backfill_slugs", in: database)
        #expect(error?.code == .gate)
        #expect(error?.description == "data migrations are not there yet: backfill_slugs was never run")
        #expect(try await database.number("SELECT count(*) FROM sqlite_master") == 0)
    }

    @Test func eachOneThatIsNotThereIsNamed() async throws {
        let database = try await passed()
        let error = await refusal("backfill_slugs", "nobody_knows", "20300101000000", in: database)
        #expect(
            error?.description
                == "data migrations are not there yet: nobody_knows was never run; 20300101000000 was never run"
        )
        #expect(await refusal(in: database)?.code == .gate)
    }

    @Test(
        arguments: [
            ("status = 'running'", "is running"), ("status = 'failed'", "has failed"),
            ("status = 'cancelled'", "was stopped"), ("status = 'quarantined'", "has rows in quarantine"),
            ("status = 'rolling_back', direction = 'down'", "is being rolled back"),
            ("verification = NULL", "was never verified; azu db:data:verify backfill_slugs settles it"),
            ("verification = 'failed'", "failed its verification"),
        ]
    )
    func aRunThatIsNotVerifiedToItsEndDoesNotPass(change: String, reason: String) async throws {
        let database = try await passed()
        try await database.execute("UPDATE data_migration_runs SET \(raw: change)")
        let error = await refusal("backfill_slugs", in: database)
        #expect(error?.code == .gate)
        #expect(error?.description.contains("backfill_slugs \(reason)") == true)
    }

    @Test func whatIsNoLongerRecordedAsExecutedDoesNotPass() async throws {
        let database = try await passed()
        try await database.execute("DELETE FROM data_migrations")
        #expect(await refusal("backfill_slugs", in: database)?.description.contains("not in data_migrations") == true)
    }

    @Test func whatWasRecordedByHandPassesOnceItIsVerified() async throws {
        let database = try await passed()
        try await database.execute("DELETE FROM data_migration_runs")
        let error = await refusal("backfill_slugs", in: database)
        #expect(error?.description.contains("by hand; azu db:data:verify backfill_slugs settles it") == true)
        #expect(try await database.runner().verify(entry(BackfillSlugs())).isPassed)
        try await DataMigrations.require("backfill_slugs", in: database)
    }

    @Test func aVerificationThatFailsClosesTheGateAndOneThatPassesOpensIt() async throws {
        let database = try await passed()
        try await database.execute("UPDATE users SET slug = NULL WHERE id = 7")
        try await DataMigrations.require("backfill_slugs", in: database)
        #expect(try await !database.runner().verify(entry(BackfillSlugs())).isPassed)
        #expect(await refusal("backfill_slugs", in: database)?.description.contains("failed its verification") == true)
        try await database.execute("UPDATE users SET slug = 'x' WHERE id = 7")
        #expect(try await database.runner().verify(entry(BackfillSlugs())).isPassed)
        try await DataMigrations.require("backfill_slugs", in: database)
    }

    @Test func aMigrationThatWasRolledBackDoesNotPassUntilItRunsAgain() async throws {
        struct Reversible: DataMigration {
            func up(_ migration: MigrationContext) async throws {}
            func down(_ migration: MigrationContext) async throws {}
        }
        let database = try await TestDatabase()
        _ = try await database.runner().migrate(entry(Reversible()))
        _ = try await database.runner().rollback(entry(Reversible()))
        #expect(await refusal("reversible", in: database)?.description.contains("was rolled back") == true)
        _ = try await database.runner().migrate(entry(Reversible()))
        try await DataMigrations.require("reversible", in: database)
    }

    @Test func aNewerLedgerIsRefused() async throws {
        let database = try await passed()
        try await database.execute("UPDATE data_migration_format SET version = 99")
        #expect(await refusal("backfill_slugs", in: database)?.code == .ledger)
    }
}
