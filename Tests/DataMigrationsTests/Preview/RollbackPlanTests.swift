import DataMigrations
import DataMigrationsTesting
import Testing

/// What a rollback would do is found out, and nothing is left of that.
@Suite("The plan of a rollback") struct RollbackPlanTests {
    /// The plan; nothing may be left of it.
    private func planned(
        _ migration: some DataMigration,
        journaledOnly: Bool = false,
        in database: TestDatabase,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> RollbackPlan {
        let before = try await database.wholeDatabase()
        let outcome: Result<RollbackPlan, any Error>
        do {
            outcome = .success(
                try await database.runner().rollbackPlan(of: entry(migration), journaledOnly: journaledOnly)
            )
        } catch {
            outcome = .failure(error)
        }
        let after = try await database.wholeDatabase()
        #expect(after == before, sourceLocation: sourceLocation)
        try await database.connection.run([.begin, .rollback])
        return try outcome.get()
    }

    /// Marks users; its own way back does what a test says.
    struct Mark: DataMigration {
        var undo: @Sendable (MigrationContext) async throws -> Void = { _ in }

        func up(_ migration: MigrationContext) async throws {
            try await migration.step("mark") { try await $0.execute("UPDATE users SET slug = 'marked'") }
        }

        func down(_ migration: MigrationContext) async throws { try await undo(migration) }
    }

    @Test func aDownOfItsOwnIsRunAndRolledBack() async throws {
        let database = try await TestDatabase()
        try await makeUsers(300, in: database)
        let calls = Notebook<Int>()
        let migration = Mark { migration in
            try await migration.step("clear") { try await $0.execute("UPDATE users SET slug = NULL WHERE id > 100") }
            try await migration.connection.execute("DELETE FROM users WHERE slug IS NULL")
            try await migration.inBatches(User.all, step: "rest") { users, batch in
                calls.note(users.count)
                try await batch.delete(users)
            }
        }
        _ = try await database.runner().migrate(entry(migration))
        let plan = try await planned(migration, in: database)
        #expect(plan.usesDown)
        #expect(plan.name == "mark")
        #expect(plan.rows == 0)
        #expect(calls.all == [100])
    }

    @Test func aDownThatFailsSaysSo() async throws {
        let database = try await TestDatabase()
        try await makeUsers(30, in: database)
        let migration = Mark { migration in
            try await migration.connection.execute("DELETE FROM users")
            throw BadUser()
        }
        _ = try await database.runner().migrate(entry(migration))
        let error = await #expect(throws: MigrationError.self) { try await planned(migration, in: database) }
        #expect(error?.code == .failed)
        #expect(error?.description == "mark: this user is bad")
    }

    @Test func aDownWithRowsThatItCanNotTakeBackFailsAsARollbackDoes() async throws {
        let database = try await TestDatabase()
        try await makeUsers(30, in: database)
        let migration = Mark { migration in
            try await migration.inBatches(User.all, step: "users") { users, _ in
                if users.contains(where: { $0.id == 7 }) { throw BadUser() }
            }
        }
        _ = try await database.runner().migrate(entry(migration))
        let error = await #expect(throws: MigrationError.self) { try await planned(migration, in: database) }
        #expect(error?.description.contains("1 bad rows") == true)
        await #expect(throws: MigrationError.self) { try await database.runner().rollback(entry(migration)) }
    }

    @Test func theRowsOfAJournalAreCountedAndComparedWithTheTable() async throws {
        let database = try await TestDatabase()
        try await makeUsers(300, in: database)
        _ = try await database.runner().migrate(entry(BackfillSlugs()))
        try await database.execute("UPDATE users SET slug = 'mine' WHERE id = 7")
        try await database.execute("DELETE FROM users WHERE id = 8")
        let plan = try await planned(BackfillSlugs(), in: database)
        #expect(!plan.usesDown)
        #expect(plan.rows == 300)
        #expect(plan.conflictCount == 2)
        #expect(plan.conflicts.map(\.key).sorted() == [#"{"id":7}"#, #"{"id":8}"#])
        let changed = try #require(plan.conflicts.first { $0.key == #"{"id":7}"# })
        #expect(changed.before == #"{"slug":null}"#)
        #expect(changed.wrote == #"{"slug":"user-7-7"}"#)
        #expect(changed.now == #"{"slug":"mine"}"#)
        #expect(plan.conflicts.first { $0.key == #"{"id":8}"# }?.now == nil)
    }

    @Test func whatNoJournalTakesBackIsTold() async throws {
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        let migration = ByHand { migration in
            try await migration.step("both") { batch in
                try await batch.execute("UPDATE users SET writes = 5")
                try await User.where("id = 1").updateAll("slug = 'x'", in: batch)
            }
        }
        _ = try await database.runner().migrate(entry(migration))
        let error = await #expect(throws: MigrationError.self) { try await planned(migration, in: database) }
        #expect(error?.code == .irreversible)
        let plan = try await planned(migration, journaledOnly: true, in: database)
        #expect(plan.outside == ["UPDATE users SET writes = 5"])
        #expect(plan.rows == 1)
    }

    @Test func whatWasNeverRunHasNone() async throws {
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        let error = await #expect(throws: MigrationError.self) { try await planned(Mark(), in: database) }
        #expect(error?.code == .state)
        _ = try await database.runner().migrate(entry(BackfillSlugs(), version: "1"))
        let other = await #expect(throws: MigrationError.self) { try await planned(Mark(), in: database) }
        #expect(other?.code == .state)
    }

    @Test func whatWasRecordedByHandHasOneIfItHasADown() async throws {
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        _ = try await database.runner().migrate(entry(BackfillSlugs(), version: "1"))
        try await database.execute("INSERT INTO data_migrations (version, name) VALUES ('20240101120000', 'by_hand')")
        #expect(try await planned(Mark(), in: database).usesDown)
        let error = await #expect(throws: MigrationError.self) { try await planned(BackfillSlugs(), in: database) }
        #expect(error?.code == .irreversible)
        #expect(error?.description.contains("without a journal") == true)
        #expect(try await database.runner().rollback(entry(Mark())).status == .rolledBack)
    }
}
