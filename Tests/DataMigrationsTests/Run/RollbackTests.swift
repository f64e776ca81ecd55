import DataMigrations
import DataMigrationsTesting
import Testing

@Suite struct RollbackTests {
    /// Marks all users in a step, and takes the marks back in batches.
    struct Mark: DataMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(100)) }

        func up(_ migration: MigrationContext) async throws {
            try await migration.step("mark") { try await $0.execute("UPDATE users SET slug = 'marked'") }
        }

        func down(_ migration: MigrationContext) async throws {
            try await migration.inBatches(User.where("slug = 'marked'"), step: "clear") { users, batch in
                try await batch.update(users.map { User(id: $0.id, name: $0.name, email: $0.email) })
            }
        }
    }

    @Test func aRollbackThatIsStoppedGoesOnWhereItStopped() async throws {
        let database = try await TestDatabase()
        try await makeUsers(1_000, in: database)
        _ = try await database.runner().migrate(entry(Mark()))
        let stop = StopSignal()
        let observer = Recorder(stop: stop, after: 2)
        let stopped = try await database.runner(observer: observer, stop: stop).rollback(entry(Mark()))
        #expect(stopped.status == .paused)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NULL") == 200)

        let error = await #expect(throws: MigrationError.self) { try await database.runner().migrate(entry(Mark())) }
        #expect(error?.code == .state)
        #expect(error?.description.contains("rollback") == true)

        #expect(try await database.runner().rollback(entry(Mark())).status == .rolledBack)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NULL AND writes = 2") == 1_000)
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 0)
        #expect(try await database.runner().migrate(entry(Mark()))?.status == .succeeded)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug = 'marked'") == 1_000)
    }

    @Test func aRollbackThatWasKilledKeepsTheMigrationFromRunningAnew() async throws {
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        _ = try await database.runner().migrate(entry(Mark()))
        try await database.execute("DELETE FROM data_migrations")
        try await database.execute("UPDATE data_migration_runs SET status = 'rolling_back', direction = 'down'")
        await #expect(throws: MigrationError.self) { try await database.runner().migrate(entry(Mark())) }
        #expect(try await database.runner().rollback(entry(Mark())).status == .rolledBack)
    }

    @Test func whatWasNeverRunCannotBeRolledBack() async throws {
        let database = try await TestDatabase()
        let error = await #expect(throws: MigrationError.self) { try await database.runner().rollback(entry(Mark())) }
        #expect(error?.code == .state)
    }

    @Test func rowsThatCannotBeTakenBackFailTheRollback() async throws {
        struct BadDown: DataMigration {
            func up(_ migration: MigrationContext) async throws {}
            func down(_ migration: MigrationContext) async throws {
                try await migration.inBatches(User.all, step: "users") { _, _ in throw BadUser() }
            }
        }
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        try await database.run(BadDown())
        let error = await #expect(throws: MigrationError.self) { try await database.rollback(BadDown()) }
        #expect(error?.code == .tooManyFailures)
        #expect(try await database.texts("SELECT status FROM data_migration_runs") == [["failed"]])
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 1)
    }

    @Test func halfARunThatWasKilledIsRolledBack() async throws {
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        _ = try await database.runner().migrate(entry(Mark()))
        try await database.execute("DELETE FROM data_migrations")
        try await database.execute("UPDATE data_migration_runs SET status = 'running'")
        #expect(try await database.runner().rollback(entry(Mark())).status == .rolledBack)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NULL") == 100)
    }
}
