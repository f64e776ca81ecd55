import DataMigrations
import DataMigrationsTesting
import Testing

/// A migration that is finished is run once more, on purpose.
@Suite("Running a migration again") struct AgainTests {
    struct Copy: BatchMigration {
        struct Copied: Model {
            static let table = "copies"
            var id: Int64?
            var userID: Int64
        }

        var bad: Set<Int64> = []
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(100)) }
        var rows: Query<User> { User.all }

        func process(_ users: [User], _ batch: Batch) async throws {
            if users.contains(where: { bad.contains($0.id) }) { throw MigrationError.irreversible("copy") }
            try await batch.insert(users.map { Copied(userID: $0.id) })
        }

        func verify(_ database: any DatabaseAccess) async throws {
            if try await database.number("SELECT count(*) FROM copies WHERE user_id = 0") > 0 { throw BadUser() }
        }
    }

    private func database() async throws -> TestDatabase {
        let database = try await TestDatabase()
        try await makeUsers(250, in: database)
        try await database.execute("CREATE TABLE copies (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL)")
        return database
    }

    private func runs(_ database: TestDatabase) async throws -> [[String?]] {
        try await database.texts("SELECT status, verification FROM data_migration_runs ORDER BY id")
    }

    @Test func takesAllRowsThroughItAndRecordsASecondRun() async throws {
        let database = try await database()
        _ = try await database.runner().migrate(entry(Copy()))
        let executed = try await database.texts("SELECT id, version, executed_at FROM data_migrations")
        #expect(try await database.runner().migrate(entry(Copy())) == nil)
        let report = try await database.runner().migrate(entry(Copy()), again: true)
        #expect(report?.status == .succeeded)
        #expect(report?.counters.inserted == 250)
        #expect(try await database.number("SELECT count(*) FROM copies") == 500)
        #expect(try await database.texts("SELECT id, version, executed_at FROM data_migrations") == executed)
        #expect(try await runs(database) == [["succeeded", "passed"], ["succeeded", "passed"]])
        let status = try await database.runner().status(of: MigrationPlan([entry(Copy())]))[0]
        #expect(status.state == .succeeded)
        #expect(status.executedAt != nil)
        #expect(status.verification == "passed")
        #expect(status.journal.rows == 500)
    }

    @Test func isToldApartWhileItGoesOn() async throws {
        let database = try await database()
        _ = try await database.runner().migrate(entry(Copy()))
        _ = try await database.runner().migrate(entry(Copy()), again: true)
        try await database.execute("UPDATE data_migration_runs SET status = 'running' WHERE id = 2")
        #expect(try await database.runner().liveRuns().map(\.isAgain) == [true])
    }

    @Test func isListedAlsoByAProgramWithoutIt() async throws {
        let database = try await database()
        _ = try await database.runner().migrate(entry(Copy()))
        try await database.execute("DELETE FROM data_migrations")
        try await database.execute("UPDATE data_migration_runs SET status = 'failed', error = 'copy: no room'")
        let statuses = try await database.runner().status(of: MigrationPlan([]))
        #expect(statuses.map(\.state) == [.failed])
        #expect(statuses.map(\.notes) == [["missing from this program"]])
        #expect(statuses.first?.counters.inserted == 250)
        #expect(statuses.first?.error == "copy: no room")
    }

    @Test func isTakenBackTogetherWithTheFirstRun() async throws {
        let database = try await database()
        _ = try await database.runner().migrate(entry(Copy()))
        _ = try await database.runner().migrate(entry(Copy()), again: true)
        #expect(try await database.runner().rollbackPlan(of: entry(Copy())).rows == 500)
        let report = try await database.runner().rollback(entry(Copy()))
        #expect(report.counters.deleted == 500)
        #expect(try await database.number("SELECT count(*) FROM copies") == 0)
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 0)
        #expect(try await runs(database).map { $0[0] } == ["rolled_back", "rolled_back"])
        #expect(try await database.runner().migrate(entry(Copy()))?.counters.inserted == 250)
    }

    struct Exclaim: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(100)) }
        var rows: Query<User> { User.all }
        func transform(_ user: inout User) { user.name += "!" }
    }

    @Test func changesWhatTheFirstRunChangedAndBothAreTakenBack() async throws {
        let database = try await database()
        let before = try await database.texts("SELECT id, name FROM users ORDER BY id")
        _ = try await database.runner().migrate(entry(Exclaim()))
        _ = try await database.runner().migrate(entry(Exclaim()), again: true)
        #expect(try await database.number("SELECT count(*) FROM users WHERE name LIKE '%!!'") == 250)
        let plan = try await database.runner().rollbackPlan(of: entry(Exclaim()))
        #expect(plan.conflictCount == 0)
        #expect(plan.rows == 500)
        _ = try await database.runner().rollback(entry(Exclaim()))
        #expect(try await database.texts("SELECT id, name FROM users ORDER BY id") == before)
    }

    @Test func goesOnAgainWhereItFailedAndStaysExecuted() async throws {
        let database = try await database()
        _ = try await database.runner().migrate(entry(Copy()))
        await #expect(throws: MigrationError.self) {
            try await database.runner().migrate(entry(Copy(bad: [150])), again: true)
        }
        #expect(try await database.number("SELECT count(*) FROM copies") == 350)
        #expect(try await runs(database).map { $0[0] } == ["succeeded", "failed"])
        // It was finished once, so nothing is done unless that is asked for.
        #expect(try await database.runner().migrate(entry(Copy())) == nil)
        let report = try await database.runner().migrate(entry(Copy()), again: true)
        #expect(report?.status == .succeeded)
        #expect(try await database.number("SELECT count(*) FROM copies") == 500)
        #expect(try await runs(database).count == 2)
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 1)
    }

    @Test func isVerifiedAnew() async throws {
        let database = try await database()
        _ = try await database.runner().migrate(entry(Copy()))
        try await database.execute("INSERT INTO copies (user_id) VALUES (0)")
        await #expect(throws: MigrationError.self) { try await database.runner().migrate(entry(Copy()), again: true) }
        #expect(try await runs(database) == [["succeeded", "passed"], ["failed", "failed"]])
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 1)
    }

    @Test func isAnOrdinaryRunOfOneThatIsNotFinished() async throws {
        let database = try await database()
        #expect(try await database.runner().migrate(entry(Copy()), again: true)?.counters.inserted == 250)
        #expect(try await runs(database).count == 1)
    }
}
