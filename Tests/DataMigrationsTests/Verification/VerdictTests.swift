import DataMigrations
import DataMigrationsTesting
import Testing

/// What a verification's outcome does to a run.
@Suite struct VerdictTests {
    /// Fills slugs; `verify` asks for users who are called wrongly.
    struct Checked: RowMigration {
        var bad: Set<Int64> = []
        var options = MigrationOptions()
        var rows: Query<User> { User.where("slug IS NULL") }

        func transform(_ user: inout User) throws {
            if bad.contains(user.id) { throw BadUser() }
            user.slug = "x"
        }

        func verify(_ database: any DatabaseAccess) async throws {
            try await database.expect(none: User.where("name = 'wrong'"))
        }
    }

    private func users(_ count: Int) async throws -> TestDatabase {
        let database = try await TestDatabase()
        try await makeUsers(count, in: database)
        return database
    }

    private func verdict(_ database: TestDatabase) async throws -> [[String?]] {
        try await database.texts(
            "SELECT status, verification, verified_at IS NOT NULL FROM data_migration_runs ORDER BY id"
        )
    }

    @Test func aRunThatPassesSaysWhenItDid() async throws {
        let database = try await users(10)
        #expect(try await database.runner().migrate(entry(Checked()))?.status == .succeeded)
        #expect(try await verdict(database) == [["succeeded", "passed", "1"]])
        let status = try await database.runner().status(of: MigrationPlan([entry(Checked())]))
        #expect(status.first?.verification == "passed")
        #expect(status.first?.verifiedAt != nil)
        #expect(status.first?.notes.contains("verification failed") == false)
    }

    @Test func aRunThatFailsItsVerificationIsNotExecuted() async throws {
        let database = try await users(10)
        try await database.execute("UPDATE users SET name = 'wrong' WHERE id IN (3, 5)")
        let error = await #expect(throws: MigrationError.self) {
            try await database.runner().migrate(entry(Checked()))
        }
        #expect(error?.code == .verification)
        #expect(error?.description.hasPrefix("the verification of checked failed: 2 rows of users are left") == true)
        #expect(error?.rows.count == 2)
        #expect(error?.rows.first?.contains(#""id":3"#) == true)
        #expect(try await verdict(database) == [["failed", "failed", "0"]])
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 0)
        #expect(try await database.texts("SELECT error FROM data_migration_runs") == [[error?.description]])

        try await database.execute("UPDATE users SET name = 'right' WHERE name = 'wrong'")
        #expect(try await database.runner().migrate(entry(Checked()))?.status == .succeeded)
        #expect(try await verdict(database) == [["succeeded", "passed", "1"]])
    }

    @Test func rowsThatStayInTheConditionFailTheVerificationToo() async throws {
        struct Half: RowMigration {
            var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
            var rows: Query<User> { User.where("slug IS NULL") }
            func transform(_ user: inout User) { if user.id <= 10 { user.slug = "x" } }
        }
        let database = try await users(30)
        await #expect(throws: MigrationError.self) { try await database.run(Half()) }
        #expect(try await verdict(database) == [["failed", "failed", "0"]])
    }

    @Test func anErrorOfTheAuthorsOwnIsAVerdictAndOneOfTheDatabaseIsNot() async throws {
        struct Odd: DataMigration {
            var asks: SQL?
            init() {}
            init(asks: SQL?) { self.asks = asks }
            func up(_ migration: MigrationContext) async throws {}
            func verify(_ database: any DatabaseAccess) async throws {
                guard let asks else { throw BadUser() }
                _ = try await database.query(asks)
            }
        }
        let database = try await TestDatabase()
        let error = await #expect(throws: MigrationError.self) { try await database.runner().migrate(entry(Odd())) }
        #expect(error?.code == .verification)
        #expect(error?.description.contains("this user is bad") == true)
        #expect(try await verdict(database) == [["failed", "failed", "0"]])
        let other = await #expect(throws: MigrationError.self) {
            try await database.runner().migrate(entry(Odd(asks: "SELECT 1 FROM nowhere")))
        }
        #expect(other?.code == .failed)
        #expect(try await verdict(database) == [["failed", nil, "0"]])
        #expect(try await database.runner().migrate(entry(Odd(asks: "SELECT 1")))?.status == .succeeded)
    }

    @Test func whereRowsWaitInQuarantineNothingIsVerified() async throws {
        let database = try await users(10)
        #expect(try await database.runner().migrate(entry(Checked(bad: [4])))?.status == .quarantined)
        #expect(try await verdict(database) == [["quarantined", nil, "0"]])
        #expect(try await database.runner().retry(entry(Checked())).status == .succeeded)
        #expect(try await verdict(database) == [["succeeded", "passed", "1"]])
    }

    @Test func aVerdictIsForgottenWhenTheRunGoesOn() async throws {
        let database = try await users(10)
        try await database.execute("UPDATE users SET name = 'wrong' WHERE id = 3")
        await #expect(throws: MigrationError.self) { try await database.runner().migrate(entry(Checked())) }
        try await database.execute("INSERT INTO users (id, name, email) VALUES (11, 'Late', 'late')")
        #expect(try await database.runner().migrate(entry(Checked(bad: [11])))?.status == .quarantined)
        #expect(try await verdict(database) == [["quarantined", nil, "0"]])
    }

    @Test func rowsAreAcceptedOnlyIfTheVerificationPasses() async throws {
        let database = try await users(10)
        try await database.execute("UPDATE users SET name = 'wrong' WHERE id = 3")
        let migration = entry(Checked(bad: [4]))
        _ = try await database.runner().migrate(migration)
        let error = await #expect(throws: MigrationError.self) { try await database.runner().accept(migration) }
        #expect(error?.code == .verification)
        #expect(error?.rows.count == 1)
        #expect(try await verdict(database) == [["quarantined", nil, "0"]])
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 0)
        #expect(try await database.texts("SELECT status FROM data_migration_quarantine") == [["open"]])

        try await database.execute("UPDATE users SET name = 'right' WHERE id = 3")
        #expect(try await database.runner().accept(migration) == 1)
        #expect(try await verdict(database) == [["succeeded", "passed", "1"]])
        #expect(try await database.texts("SELECT status FROM data_migration_quarantine") == [["accepted"]])
        #expect(try await database.number("SELECT count(*) FROM data_migration_slices WHERE owner IS NOT NULL") == 0)
    }

    @Test func aRunWithToleratedRowsThatFailedItsVerificationCanBeAccepted() async throws {
        let database = try await users(10)
        try await database.execute("UPDATE users SET name = 'wrong' WHERE id = 3")
        let migration = entry(Checked(bad: [4], options: MigrationOptions(tolerates: .upTo(2))))
        await #expect(throws: MigrationError.self) { try await database.runner().migrate(migration) }
        try await database.execute("UPDATE users SET name = 'right' WHERE id = 3")
        #expect(try await database.runner().accept(migration) == 1)
        #expect(try await verdict(database) == [["succeeded", "passed", "1"]])
    }
}
