import DataMigrations
import DataMigrationsTesting
import Testing

/// A migration by hand is run as a whole: its steps see what those before them did.
@Suite("A preview of a migration by hand") struct PreviewByHandTests {
    /// Makes a table in one step, uses it in the next, and goes along another one.
    private let roles = ByHand { migration in
        try await migration.step("make") { batch in
            let probe = try await migration.number("SELECT count(*) FROM data_migration_probe")
            #expect(batch.isPreview == (probe == 0))
            try await batch.execute("CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)")
            try await batch.execute("INSERT INTO roles (name) VALUES ('a'), ('b')")
        }
        try await migration.step("use") { batch in
            try await batch.execute("INSERT INTO roles (name) SELECT 'c' || count(*) FROM roles")
        }
        try await migration.inBatches(User.where("slug IS NULL"), step: "slugs") { users, batch in
            let role = try await batch.texts("SELECT max(name) FROM roles")[0][0]
            try await batch.update(
                users.map { User(id: $0.id, name: $0.name, email: $0.email, slug: role) },
                columns: ["slug"]
            )
        }
    }

    @Test func seesItsOwnStepsAndLeavesNothing() async throws {
        let database = try await TestDatabase()
        try await makeUsers(120, in: database)
        try await database.execute("CREATE TABLE data_migration_probe (id INTEGER)")
        let preview = try await database.previewLeavingNothing(roles, shownRows: 200)
        #expect(preview.failure == nil)
        #expect(preview.hasWork)
        #expect(preview.batches == 3)
        #expect(preview.counters.inserted == 3)
        #expect(preview.counters.changed == 120)
        #expect(preview.shownKinds == ["users changed": 120])
        #expect(preview.rows.allSatisfy { $0.fields.map(\.after) == ["c2"] })
        #expect(preview.notes.contains { $0.contains("no rollback takes it back: CREATE TABLE roles") })

        try await database.execute("INSERT INTO data_migration_probe VALUES (1)")
        let report = try await database.run(roles)
        #expect(report.status == .succeeded)
        #expect(report.counters == preview.counters)
        #expect(try await database.notBorneOut(by: preview).isEmpty)
    }

    @Test func takesTheFirstRowsOfATableAndSaysSo() async throws {
        let database = try await TestDatabase()
        try await makeUsers(120, in: database)
        let seen = Notebook<Int>()
        let migration = ByHand { migration in
            try await migration.inBatches(User.all, step: "look") { users, _ in seen.note(users.count) }
        }
        let preview = try await database.previewLeavingNothing(migration, sample: 50)
        #expect(seen.all == [50])
        #expect(preview.counters.visited == 50)
        #expect(preview.sources[0].rows == 120)
        #expect(preview.notes == ["of the 120 rows of users, only the first 50 were tried"])
    }

    @Test func thatThrowsSaysSoAndLeavesNothing() async throws {
        let database = try await TestDatabase()
        try await makeUsers(20, in: database)
        let migration = ByHand { migration in
            try await migration.execute("UPDATE users SET slug = 'direct'")
            try await migration.step("mark") { try await $0.execute("DELETE FROM users WHERE id > 5") }
            throw BadUser()
        }
        let preview = try await database.previewLeavingNothing(migration)
        #expect(preview.failure == "this user is bad")
        #expect(!preview.hasWork)
        #expect(preview.counters.deleted == 15)
    }

    @Test func aStepThatFailsIsDroppedAloneWhereItsErrorIsCaught() async throws {
        let database = try await TestDatabase()
        try await makeUsers(20, in: database)
        let migration = ByHand { migration in
            do {
                try await migration.step("bad") { batch in
                    try await batch.execute("UPDATE users SET slug = 'bad'")
                    throw BadUser()
                }
            } catch is BadUser {}
            do {
                try await migration.inBatches(User.all, step: "worse") { _, batch in
                    try await batch.execute("UPDATE users SET slug = 'worse'")
                    try await batch.execute("UPDATE nowhere SET slug = 'worse'")
                }
            } catch is DatabaseError {}
            try await migration.step("good") { batch in
                #expect(try await batch.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 0)
                try await batch.execute("UPDATE users SET slug = 'good'")
            }
            #expect(try await migration.number("SELECT count(*) FROM users WHERE slug = 'good'") == 20)
        }
        let preview = try await database.previewLeavingNothing(migration)
        #expect(preview.failure == nil)
        #expect(preview.counters.changed == 20)
        #expect(try await database.run(migration).counters.changed == 20)
    }

    @Test func aStepThatBreaksADeferredForeignKeyFails() async throws {
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        try await database.execute(
            "CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES users DEFERRABLE INITIALLY DEFERRED)"
        )
        let migration = ByHand { migration in
            try await migration.step("pets") { try await $0.execute("INSERT INTO pets (owner) VALUES (1), (99)") }
        }
        let preview = try await database.previewLeavingNothing(migration)
        #expect(preview.failure?.contains("FOREIGN KEY") == true)
        await #expect(throws: MigrationError.self) { try await database.run(migration) }
    }

    @Test func whatIsWrittenBesideStepsIsTold() async throws {
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        let migration = ByHand { migration in
            try await migration.execute("UPDATE users\n   SET slug = \("secret")")
            try await migration.insert(User(id: 9, name: "n", email: "e"))
        }
        let preview = try await database.previewLeavingNothing(migration)
        #expect(preview.failure == nil)
        let told = "written beside steps and batches, so it is done again by a run that is resumed: "
        #expect(preview.notes == [told + "UPDATE users SET slug = ?", told + "INSERT INTO users"])
    }

    @Test func theConnectionThatItKeepsIsOfNoUseLater() async throws {
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        let kept = Notebook<any DatabaseConnection>()
        let migration = ByHand { migration in kept.note(migration.connection) }
        _ = try await database.previewLeavingNothing(migration)
        let connection = try #require(kept.all.first)
        await #expect(throws: DatabaseError.self) { try await connection.execute("UPDATE users SET slug = 'late'") }
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 0)
    }

    /// A migration with rows of its own, whose `up` does more than to go along them.
    struct Prepared: BatchMigration {
        var rows: Query<User> { User.where("slug IS NULL") }
        func up(_ migration: MigrationContext) async throws {
            try await migration.connection.execute("CREATE TABLE slugs (user_id INTEGER PRIMARY KEY, slug TEXT)")
            try await migration.step("first") { try await $0.execute("INSERT INTO slugs VALUES (0, 'none')") }
            try await migration.inBatches(rows, step: "rows") { try await process($0, $1) }
        }
        func process(_ users: [User], _ batch: Batch) async throws {
            for user in users { try await batch.execute("INSERT INTO slugs VALUES (\(user.id), 'x')") }
        }
    }

    @Test func anUpOfItsOwnLeavesNothingToo() async throws {
        let database = try await TestDatabase()
        try await makeUsers(30, in: database)
        let preview = try await database.previewLeavingNothing(Prepared())
        #expect(preview.failure == nil)
        #expect(preview.counters.inserted == 31)
        #expect(try await database.run(Prepared()).counters == preview.counters)
    }

    @Test func anotherMigrationThatItCallsSeesWhatCameBefore() async throws {
        let database = try await TestDatabase()
        try await makeUsers(30, in: database)
        let migration = ByHand { migration in
            try await migration.step("clean") { try await $0.execute("DELETE FROM users WHERE id > 20") }
            try await BackfillSlugs().up(migration)
            #expect(try await migration.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 20)
        }
        let preview = try await database.previewLeavingNothing(migration)
        #expect(preview.failure == nil)
        #expect(preview.counters.changed == 20)
    }

    @Test func whatComesBehindAMigrationThatItCallsLeavesNothing() async throws {
        let database = try await TestDatabase()
        try await makeUsers(30, in: database)
        let migration = ByHand { migration in
            try await BackfillSlugs().up(migration)
            try await migration.connection.execute("DELETE FROM users WHERE id = 1")
            try await migration.step("more") { try await $0.execute("DELETE FROM users WHERE id = 2") }
            #expect(try await migration.number("SELECT count(*) FROM users") == 28)
        }
        let preview = try await database.previewLeavingNothing(migration)
        #expect(preview.failure == nil)
        #expect(preview.counters.changed == 30)
        #expect(preview.counters.deleted == 1)
    }
}
