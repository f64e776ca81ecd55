import DataMigrations
import DataMigrationsTesting
import Testing

@Suite struct ResumeTests {
    @Test(arguments: 1...11) func aRunThatIsStoppedGoesOnWhereItStopped(batches: Int) async throws {
        let database = try await TestDatabase()
        try await makeUsers(1_000, in: database)
        let migration = entry(BackfillSlugs())
        let stop = StopSignal()
        let first = try await database.runner(observer: Recorder(stop: stop, after: batches), stop: stop).migrate(
            migration
        )

        #expect(first?.status == (batches > 10 ? .succeeded : .cancelled))
        #expect(try await database.number("SELECT count(*) FROM users WHERE writes = 1") == min(batches, 10) * 100)
        guard batches <= 10 else { return }

        let recorder = Recorder()
        let second = try await database.runner(observer: recorder).migrate(migration)
        #expect(second?.status == .succeeded)
        #expect(second?.counters.changed == 1_000)
        #expect(recorder.batchSizes.count == 10 - batches)
        #expect(try await database.number("SELECT count(*) FROM users WHERE writes <> 1") == 0)
        #expect(try await database.runner().migrate(migration) == nil)
    }

    @Test func valuesInTheConditionAreThoseOfTheFirstStart() async throws {
        struct Below: RowMigration {
            var limit: Int64
            init() { limit = 0 }
            init(limit: Int64) { self.limit = limit }
            var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
            var rows: Query<User> { User.where("id <= \(limit)") }
            func transform(_ user: inout User) { user.slug = "done" }
        }
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        let stop = StopSignal()
        _ = try await database.runner(observer: Recorder(stop: stop, after: 2), stop: stop).migrate(
            entry(Below(limit: 50))
        )
        _ = try await database.runner().migrate(entry(Below(limit: 80)))
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug = 'done'") == 50)
    }

    @Test func anotherConditionThanAtTheFirstStartIsRefused() async throws {
        struct Pick: RowMigration {
            var condition: SQL
            init() { condition = "id > 0" }
            init(_ condition: SQL) { self.condition = condition }
            var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
            var rows: Query<User> { User.where(condition) }
            func transform(_ user: inout User) { user.slug = "done" }
        }
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        let stop = StopSignal()
        _ = try await database.runner(observer: Recorder(stop: stop, after: 2), stop: stop).migrate(
            entry(Pick("id > 0"))
        )
        let error = await #expect(throws: MigrationError.self) {
            try await database.runner().migrate(entry(Pick("id > 1")))
        }
        #expect(error?.code == .sourceChanged)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug = 'done'") == 20)
    }

    @Test func aChangedSourceIsRefusedUnlessAllowed() async throws {
        let database = try await TestDatabase()
        try await makeUsers(1_000, in: database)
        func entry(_ checksum: String) -> MigrationPlan.Entry {
            let source = MigrationSource(path: "db/data_migrations/1_data_x.swift", sha256: checksum)
            return MigrationPlan.Entry(version: "1", name: "x", source: source) { BackfillSlugs() }
        }
        let stop = StopSignal()
        _ = try await database.runner(observer: Recorder(stop: stop, after: 2), stop: stop).migrate(entry("a"))
        let error = await #expect(throws: MigrationError.self) { try await database.runner().migrate(entry("b")) }
        #expect(error?.code == .sourceChanged)
        #expect(error?.description.contains("db/data_migrations/1_data_x.swift") == true)
        let allowing = Runner(database.connection, allowsChangedSource: true)
        #expect(try await allowing.migrate(entry("b"))?.status == .succeeded)
    }

    @Test func aStoppedMigrationByHandPassesOverTheStepsThatAreDone() async throws {
        struct Steps: DataMigration {
            var failsAt: Int
            init() { failsAt = 0 }
            init(failsAt: Int) { self.failsAt = failsAt }
            func up(_ migration: MigrationContext) async throws {
                for step in 1...4 {
                    try await migration.step("step \(step)") { batch in
                        try await batch.execute("INSERT INTO log (step) VALUES (\(step))")
                        if step == failsAt { throw BadUser() }
                    }
                }
            }
        }
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, step INTEGER)")
        await #expect(throws: MigrationError.self) { try await database.runner().migrate(entry(Steps(failsAt: 3))) }
        #expect(try await database.texts("SELECT step FROM log ORDER BY id") == [["1"], ["2"]])
        _ = try await database.runner().migrate(entry(Steps(failsAt: 0)))
        #expect(try await database.texts("SELECT step FROM log ORDER BY id") == [["1"], ["2"], ["3"], ["4"]])
    }
}
