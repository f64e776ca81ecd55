import DataMigrations
import DataMigrationsTesting
import Testing

/// Migrations that are recorded as executed, and not run.
@Suite struct MarkTests {
    @Test func whatIsMarkedIsExecutedWithoutBeingRun() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        let runner = database.runner()
        #expect(try await runner.mark(entry(BackfillSlugs())))
        #expect(try await !runner.mark(entry(BackfillSlugs())))
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 0)
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 1)
        #expect(try await database.number("SELECT count(*) FROM data_migration_runs WHERE status = 'succeeded'") == 1)
        #expect(try await database.number("SELECT count(*) FROM data_migration_events WHERE kind = 'marked'") == 1)
        #expect(try await runner.migrate(entry(BackfillSlugs())) == nil)
        await #expect(throws: MigrationError.self) { try await DataMigrations.require("backfill_slugs", in: database) }
    }

    @Test func whatIsBegunAndNotEndedIsRefused() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        let runner = database.runner()
        _ = try await runner.migrate(entry(BackfillSlugs()))
        for state in ["running", "failed", "cancelled", "paused", "quarantined"] {
            try await database.execute("UPDATE data_migration_runs SET status = \(state)")
            try await database.execute("DELETE FROM data_migrations")
            let error = await #expect(throws: MigrationError.self) { try await runner.mark(entry(BackfillSlugs())) }
            #expect(error?.code == .state)
            #expect(try await database.number("SELECT count(*) FROM data_migrations") == 0)
        }
    }

    @Test func whatWasTakenBackCanBeMarked() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        let runner = database.runner()
        _ = try await runner.migrate(entry(BackfillSlugs()))
        _ = try await runner.rollback(entry(BackfillSlugs()))
        #expect(try await runner.mark(entry(BackfillSlugs())))
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 0)
    }
}
