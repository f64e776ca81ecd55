import DataMigrations
import DataMigrationsTesting
import Testing

/// A migration is verified again, long after its run.
@Suite struct VerifyTests {
    private func verdict(_ database: TestDatabase) async throws -> [[String?]] {
        try await database.texts("SELECT status, verification FROM data_migration_runs ORDER BY id")
    }

    private func events(_ database: TestDatabase) async throws -> [[String?]] {
        try await database.texts("SELECT kind FROM data_migration_events WHERE kind LIKE 'verif%' ORDER BY id")
    }

    @Test func rowsThatCameUpSinceFailAMigrationWithoutAVerifyOfItsOwn() async throws {
        let database = try await TestDatabase()
        try await makeUsers(300, in: database)
        _ = try await database.runner().migrate(entry(BackfillSlugs()))
        #expect(try await database.runner().verify(entry(BackfillSlugs())).isPassed)

        try await database.execute("UPDATE users SET slug = NULL WHERE id IN (7, 8)")
        let report = try await database.runner().verify(entry(BackfillSlugs()))
        #expect(report.failure?.code == .verification)
        #expect(report.failure?.description.hasPrefix("2 rows of users meet the condition of backfill_slugs") == true)
        #expect(report.failure?.rows.map { $0.contains(#""id":7,"#) } == [true, false])
        // It stays executed, and is not run again.
        #expect(try await verdict(database) == [["succeeded", "failed"]])
        #expect(try await database.runner().migrate(entry(BackfillSlugs())) == nil)
        let plan = MigrationPlan([entry(BackfillSlugs())])
        #expect(try await database.runner().status(of: plan).first?.notes.contains("verification failed") == true)

        try await database.execute("UPDATE users SET slug = 'x' WHERE slug IS NULL")
        #expect(try await database.runner().verify(entry(BackfillSlugs())).isPassed)
        #expect(try await verdict(database) == [["succeeded", "passed"]])
        #expect(try await events(database) == [["verified"], ["verification_failed"], ["verified"]])
        #expect(try await database.number("SELECT count(*) FROM data_migration_slices WHERE owner IS NOT NULL") == 0)
    }

    @Test func rowsInQuarantineMayMeetTheCondition() async throws {
        let database = try await TestDatabase()
        try await makeUsers(300, in: database)
        let migration = entry(BackfillSlugs(bad: [5, 6, 7]))
        _ = try await database.runner().migrate(migration)
        #expect(try await database.runner().verify(migration).isPassed)
        #expect(try await verdict(database) == [["quarantined", "passed"]])
        #expect(try await database.runner().accept(migration) == 3)
        #expect(try await database.runner().verify(migration).isPassed)

        // One of them is mended by hand, and another row came up.
        try await database.execute("UPDATE users SET slug = 'x' WHERE id = 6")
        try await database.execute("UPDATE users SET slug = '' WHERE id = 299")
        let failure = try await database.runner().verify(migration).failure
        #expect(failure?.description.hasPrefix("1 row of users meets the condition") == true)
        #expect(failure?.rows.count == 1)
        #expect(failure?.rows.first?.contains(#""id":299"#) == true)
    }

    @Test func theConditionIsAskedWithTheValuesOfTheRun() async throws {
        struct Below: RowMigration {
            var limit: Int64
            init() { limit = 0 }
            init(limit: Int64) { self.limit = limit }
            var rows: Query<User> { User.where("slug IS NULL AND id <= \(limit)") }
            func transform(_ user: inout User) { user.slug = "done" }
        }
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        _ = try await database.runner().migrate(entry(Below(limit: 50)))
        #expect(try await database.runner().verify(entry(Below(limit: 80))).isPassed)
        try await database.execute("UPDATE users SET slug = NULL WHERE id = 50")
        #expect(try await database.runner().verify(entry(Below(limit: 80))).failure?.rows.count == 1)
    }

    @Test func aConditionThatProcessedRowsStillMeetIsNotAsked() async throws {
        struct Upper: RowMigration {
            var rows: Query<User> { User.where("id <= 50") }
            func transform(_ user: inout User) { user.name = user.name.uppercased() }
        }
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        try await database.run(Upper())
        let migration = MigrationPlan.Entry(version: "upper", name: "upper") { Upper() }
        #expect(try await database.runner().verify(migration).isPassed)
    }

    @Test func itsOwnVerifyIsAskedToo() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        let migration = entry(VerdictTests.Checked())
        _ = try await database.runner().migrate(migration)
        try await database.execute("UPDATE users SET name = 'wrong' WHERE id = 3")
        let failure = try await database.runner().verify(migration).failure
        #expect(failure?.description.contains("azu db:data:verify 20240101120000") == true)
        #expect(failure?.rows.count == 1)
        #expect(try await verdict(database) == [["succeeded", "failed"]])
    }

    @Test func whatCannotBeAskedLeavesTheVerdictAsItWas() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        _ = try await database.runner().migrate(entry(BackfillSlugs()))
        try await database.execute("ALTER TABLE users RENAME TO people")
        await #expect(throws: DatabaseError.self) { try await database.runner().verify(entry(BackfillSlugs())) }
        #expect(try await verdict(database) == [["succeeded", "passed"]])
        #expect(try await database.number("SELECT count(*) FROM data_migration_slices WHERE owner IS NOT NULL") == 0)
    }

    private struct Reversible: DataMigration {
        func up(_ migration: MigrationContext) async throws {}
        func down(_ migration: MigrationContext) async throws {}
    }

    private func refusal(_ database: TestDatabase) async -> MigrationError? {
        await #expect(throws: MigrationError.self) { try await database.runner().verify(entry(Reversible())) }
    }

    @Test func whatWasNotRunToItsEndCannotBeVerified() async throws {
        let database = try await TestDatabase()
        #expect(await refusal(database)?.code == .state)
        // Nothing was made of it.
        #expect(try await database.number("SELECT count(*) FROM sqlite_master") == 0)

        _ = try await database.runner().migrate(entry(Reversible()))
        for status in ["running", "failed", "cancelled", "rolling_back"] {
            try await database.execute("UPDATE data_migration_runs SET status = \(status)")
            #expect(await refusal(database)?.code == .state)
        }
        try await database.execute("UPDATE data_migration_runs SET status = 'succeeded'")
        _ = try await database.runner().rollback(entry(Reversible()))
        #expect(await refusal(database)?.description.contains("was rolled back") == true)
        #expect(try await verdict(database) == [["rolled_back", nil]])
    }

    @Test func aMigrationThatWasRecordedByHandIsVerified() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        _ = try await database.runner().migrate(entry(BackfillSlugs(), version: "1"))
        try await database.execute("INSERT INTO data_migrations (version, name) VALUES ('2', 'checked')")
        #expect(try await database.runner().verify(entry(VerdictTests.Checked(), version: "2")).isPassed)
        #expect(try await verdict(database) == [["succeeded", "passed"], ["succeeded", "passed"]])
        #expect(try await database.runner().migrate(entry(VerdictTests.Checked(), version: "2")) == nil)
    }
}
