import DataMigrations
import DataMigrationsTesting
import Testing

@Suite("Rollback by the journal") struct JournalRollbackTests {
    struct Slugs: RowMigration {
        var rows: Query<User> { User.where("slug IS NULL") }
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(100)) }
        func transform(_ user: inout User) { user.slug = "\(user.name)-\(user.id)" }
    }

    @Test func changedRowsGetTheirOldValuesBack() async throws {
        let database = try await TestDatabase()
        try await makeUsers(1_000, in: database)
        let before = try await database.texts("SELECT id, name, email, slug FROM users ORDER BY id")
        try await database.run(Slugs())
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NULL") == 0)
        #expect(try await database.number("SELECT count(*) FROM data_migration_journal") == 10)
        let report = try await database.rollback(Slugs())
        #expect(report.status == .rolledBack)
        #expect(report.counters.changed == 1_000)
        #expect(try await database.texts("SELECT id, name, email, slug FROM users ORDER BY id") == before)
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 0)
    }

    @Test func aRowThatWasChangedSinceKeepsARollbackFromBeginning() async throws {
        let database = try await TestDatabase()
        try await makeUsers(300, in: database)
        _ = try await database.runner().migrate(entry(Slugs()))
        try await database.execute("UPDATE users SET slug = 'mine' WHERE id = 7")
        let error = await #expect(throws: MigrationError.self) { try await database.runner().rollback(entry(Slugs())) }
        #expect(error?.code == .conflict)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NULL") == 0)
        #expect(try await database.texts("SELECT status, direction FROM data_migration_runs") == [["succeeded", "up"]])
        let plan = try await database.runner().rollbackPlan(of: entry(Slugs()))
        #expect(plan.conflictCount == 1)
        #expect(plan.conflicts.first?.key == #"{"id":7}"#)
        #expect(plan.conflicts.first?.now == #"{"slug":"mine"}"#)
        let report = try await database.runner().rollback(entry(Slugs()), onConflict: .skip)
        #expect(report.conflicts == 1)
        #expect(try await database.texts("SELECT id, slug FROM users WHERE slug IS NOT NULL") == [["7", "mine"]])
    }
}
