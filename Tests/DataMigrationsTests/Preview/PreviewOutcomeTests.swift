import DataMigrations
import DataMigrationsTesting
import Testing

/// Whether there is work to do, and what stands in its way.
@Suite("What a preview comes to") struct PreviewOutcomeTests {
    @Test func anExecutedMigrationSaysSo() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        _ = try await database.runner().migrate(entry(BackfillSlugs()))
        try await database.execute("UPDATE users SET slug = NULL")
        let preview = try await database.previewLeavingNothing(BackfillSlugs())
        #expect(preview.notes == ["it is executed already"])
        #expect(!preview.hasWork)
        #expect(preview.failure == nil)
        #expect(preview.batches == 0)
        #expect(preview.name == "backfill_slugs")
    }

    @Test func oneThatWasRolledBackHasWorkAgain() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        _ = try await database.runner().migrate(entry(BackfillSlugs()))
        _ = try await database.runner().rollback(entry(BackfillSlugs()))
        #expect(try await database.previewLeavingNothing(BackfillSlugs()).counters.changed == 10)
    }

    @Test func whereNoRowMeetsTheConditionThereIsNothingToDo() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        try await database.execute("UPDATE users SET slug = 'there'")
        let preview = try await database.previewLeavingNothing(BackfillSlugs())
        #expect(!preview.hasWork)
        #expect(preview.failure == nil)
        #expect(preview.sources[0].rows == 0)
        #expect(preview.rows.isEmpty)
        #expect(preview.seconds == nil)
    }

    @Test func aMigrationByHandHasWorkUntilItIsExecuted() async throws {
        let database = try await TestDatabase()
        #expect(try await database.previewLeavingNothing(ByHand()).hasWork)
    }

    struct Ghost: Model {
        var id: Int64
    }

    struct Haunt: RowMigration {
        var rows: Query<Ghost> { Ghost.all }
        func transform(_ ghost: inout Ghost) {}
    }

    struct Nickname: RowMigration {
        struct Named: Model {
            static let table = "users"
            var id: Int64
            var nickname: String?
        }

        var rows: Query<Named> { Named.all }
        func transform(_ user: inout Named) {}
    }

    struct Ordered: RowMigration {
        var rows: Query<User> { User.all.order("id DESC") }
        func transform(_ user: inout User) {}
    }

    struct Misspelt: RowMigration {
        var rows: Query<User> { User.where("slugg IS NULL") }
        func transform(_ user: inout User) {}
    }

    @Test func whatDoesNotFitTheDatabaseFails() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        let found = [
            try await database.previewLeavingNothing(Haunt()), try await database.previewLeavingNothing(Nickname()),
            try await database.previewLeavingNothing(Ordered()), try await database.previewLeavingNothing(Misspelt()),
        ]
        let parts = ["no table ghosts", "no column nickname", "leave order and limit out", "slugg"]
        for (preview, part) in zip(found, parts) {
            #expect(preview.failure?.contains(part) == true, "\(preview.failure ?? "")")
            #expect(!preview.hasWork)
        }
    }

    struct Wrong: BatchMigration {
        var rows: Query<User> { User.all }
        func process(_ users: [User], _ batch: Batch) async throws {
            try await batch.execute("UPDATE users SET slug = 'x'")
            try await batch.execute("UPDATE users SET totall = 1")
        }
    }

    @Test func aStatementThatIsWrongFailsInsteadOfBlamingRows() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        let preview = try await database.previewLeavingNothing(Wrong())
        #expect(preview.failure == "no such column: totall")
        #expect(preview.counters.quarantined == 0)
    }

    struct Strict: RowMigration {
        var limit = 0
        var bad: Set<Int64> = []
        var options: MigrationOptions { MigrationOptions(quarantineLimit: limit) }
        var rows: Query<User> { User.where("slug IS NULL") }
        func transform(_ user: inout User) throws {
            if bad.contains(user.id) { throw BadUser() }
            user.slug = "x"
        }
    }

    @Test func moreBadRowsThanAreAllowedFailAsTheyDoInARun() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        let allowed = try await database.previewLeavingNothing(Strict(limit: 2, bad: [3, 4]))
        #expect(allowed.failure == nil)
        #expect(allowed.hasWork)
        let preview = try await database.previewLeavingNothing(Strict(limit: 1, bad: [3, 4]))
        #expect(preview.failure == "2 bad rows among those that were tried, and it stops at more than 1")
        #expect(!preview.hasWork)
        #expect(preview.quarantined.count == 2)
        let error = await #expect(throws: MigrationError.self) {
            try await database.run(Strict(limit: 1, bad: [3, 4]))
        }
        #expect(error?.code == .tooManyFailures)
    }

    @Test func atMostTwentyBadRowsAreListedAndAllAreCounted() async throws {
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        let migration = BackfillSlugs(bad: Set(1...100))
        let preview = try await database.previewLeavingNothing(migration, sample: 30)
        #expect(preview.counters.quarantined == 100)
        #expect(preview.quarantined.map(\.locator) == (1...20).map { "[\($0)]" })
    }

    struct Ignoring: RowMigration {
        var rows: Query<User> { User.where("slug IS NULL") }
        func transform(_ user: inout User) { user.slug = "x" }
    }

    @Test func aRowThatATriggerIgnoresIsPutAside() async throws {
        let database = try await TestDatabase()
        try await makeUsers(30, in: database)
        try await database.execute(
            "CREATE TRIGGER ignores BEFORE UPDATE ON users WHEN old.id = 7 BEGIN SELECT RAISE(IGNORE); END"
        )
        let preview = try await database.previewLeavingNothing(Ignoring())
        #expect(preview.failure == nil)
        #expect(preview.quarantined.map(\.locator) == ["[7]"])
        #expect(preview.triggers == ["users: counts", "users: ignores"])
        #expect(try await database.run(Ignoring()).counters == preview.counters)
    }

    @Test func aTriggerThatDropsTheWholeTransactionLeavesNothing() async throws {
        let database = try await TestDatabase()
        try await makeUsers(30, in: database)
        try await database.execute(
            "CREATE TRIGGER drops BEFORE UPDATE ON users WHEN old.id = 7 BEGIN SELECT RAISE(ROLLBACK, 'gone'); END"
        )
        _ = try await database.previewLeavingNothing(Ignoring())
        _ = try await database.previewLeavingNothing(
            ByHand { migration in
                _ = try? await migration.execute("UPDATE users SET slug = 'x' WHERE id = 7")
                _ = try? await migration.execute("UPDATE users SET slug = 'x' WHERE id = 8")
            }
        )
    }
}
