import DataMigrations
import DataMigrationsTesting
import Testing

@Suite struct SweepTests {
    @Test func rowsThatComeUpBelowTheCursorAreTakenBySweeping() async throws {
        let database = try await TestDatabase()
        try await makeUsers(500, in: database)
        try await database.execute("DELETE FROM users WHERE id < 10")
        try await database.execute(
            """
            CREATE TRIGGER late AFTER UPDATE OF slug ON users WHEN new.id = 450
            BEGIN INSERT INTO users (id, name, email) VALUES (3, 'Late', 'late@example.com'), (900, 'High', 'high'); END
            """
        )
        let report = try await database.run(BackfillSlugs())
        #expect(report.status == .succeeded)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NULL") == 0)
        #expect(try await database.number("SELECT count(*) FROM users WHERE writes <> 1") == 0)
    }

    @Test func aConditionThatRowsDoNotLeaveIsSweptAboveTheLastKeyOnly() async throws {
        struct Count: RowMigration {
            var options: MigrationOptions { MigrationOptions(batchSize: .fixed(50)) }
            var rows: Query<User> { User.where("id > 0") }
            func transform(_ user: inout User) { user.slug = (user.slug ?? "") + "x" }
        }
        let database = try await TestDatabase()
        try await makeUsers(200, in: database)
        try await database.execute(
            """
            CREATE TRIGGER late AFTER UPDATE OF slug ON users WHEN new.id = 150
            BEGIN INSERT INTO users (id, name, email) VALUES (900, 'High', 'high'); END
            """
        )
        let report = try await database.run(Count())
        #expect(report.status == .succeeded)
        #expect(try await database.texts("SELECT DISTINCT slug, writes FROM users") == [["x", "1"]])
        #expect(try await database.number("SELECT count(*) FROM users") == 201)
    }

    @Test func rowsThatStayInTheConditionFailTheRun() async throws {
        struct Half: RowMigration {
            var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
            var rows: Query<User> { User.where("slug IS NULL") }
            func transform(_ user: inout User) { if user.id <= 50 { user.slug = "x" } }
        }
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        for _ in 1...2 {
            let error = await #expect(throws: MigrationError.self) { try await database.run(Half()) }
            #expect(error?.code == .verification)
            #expect(try await database.number("SELECT count(*) FROM data_migrations") == 0)
        }
        // Once the rows are mended, the same run comes to its end.
        try await database.execute("UPDATE users SET slug = 'by hand' WHERE slug IS NULL")
        #expect(try await database.run(Half()).status == .succeeded)
    }

    @Test func rowsThatWereSweptAreNotSweptAgainWhenTheRunIsResumed() async throws {
        struct Append: RowMigration {
            var isRight = false
            var rows: Query<User> { User.all }
            func transform(_ user: inout User) { user.slug = (user.slug ?? "") + "x" }
            func verify(_ database: any DatabaseAccess) async throws { try database.expect(isRight, "not yet") }
        }
        let database = try await TestDatabase()
        try await makeUsers(20, in: database)
        try await database.execute(
            """
            CREATE TRIGGER late AFTER UPDATE OF slug ON users WHEN new.id = 5
            BEGIN INSERT INTO users (id, name, email) VALUES (900, 'High', 'high'); END
            """
        )
        await #expect(throws: MigrationError.self) { try await database.run(Append()) }
        #expect(try await database.run(Append(isRight: true)).status == .succeeded)
        #expect(try await database.texts("SELECT DISTINCT slug FROM users") == [["x"]])
        #expect(try await database.number("SELECT count(*) FROM users") == 21)
    }

    @Test func verifyDecidesWhetherTheMigrationCountsAsExecuted() async throws {
        struct Checked: RowMigration {
            var rows: Query<User> { User.where("id < 5") }
            func transform(_ user: inout User) { user.slug = "x" }
            func verify(_ database: any DatabaseAccess) async throws {
                try await database.expect(none: User.where("slug IS NULL"))
            }
        }
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        let error = await #expect(throws: MigrationError.self) { try await database.run(Checked()) }
        #expect(error?.description.contains("6 rows of users") == true)
        #expect(try await database.texts("SELECT status FROM data_migration_runs") == [["failed"]])
        try await database.execute("DELETE FROM users WHERE id >= 5")
        #expect(try await database.run(Checked()).status == .succeeded)
    }

    @Test func verifyIsAskedWhenBadRowsAreTolerated() async throws {
        struct Tolerant: RowMigration {
            var options: MigrationOptions { MigrationOptions(tolerates: .upTo(5)) }
            var rows: Query<User> { User.all }
            func transform(_ user: inout User) throws {
                if user.id < 3 { throw BadUser() }
                user.slug = "x"
            }
            func verify(_ database: any DatabaseAccess) async throws { try database.expect(false, "never right") }
        }
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        let error = await #expect(throws: MigrationError.self) { try await database.run(Tolerant()) }
        #expect(error?.code == .verification)
    }

    @Test(.timeLimit(.minutes(10))) func aMigrationThatInsertsIntoTheTableItReadsComesToAnEnd() async throws {
        struct Copy: BatchMigration {
            struct NewUser: Model {
                static let table = "users"
                var name: String
                var email: String
            }
            var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
            var rows: Query<User> { User.all }
            func process(_ users: [User], _ batch: Batch) async throws {
                try await batch.insert(users.map { NewUser(name: "copy", email: "copy of \($0.id)") })
            }
        }
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        #expect(try await database.run(Copy()).status == .succeeded)
        // The rows that were there, and those that came up while they were worked on: the copies, once.
        #expect(try await database.number("SELECT count(*) FROM users") == 300)
    }

    @Test func aProcessThatWritesByExecuteAloneIsSweptToo() async throws {
        struct Clear: BatchMigration {
            var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
            var rows: Query<User> { User.where("slug IS NULL") }
            func process(_ users: [User], _ batch: Batch) async throws {
                try await batch.execute("UPDATE users SET slug = 'x' WHERE id IN \(users.map(\.id))")
            }
        }
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        try await database.execute("DELETE FROM users WHERE id = 3")
        try await database.execute(
            """
            CREATE TRIGGER late AFTER UPDATE OF slug ON users WHEN new.id = 90
            BEGIN INSERT INTO users (id, name, email) VALUES (3, 'Late', 'late'); END
            """
        )
        #expect(try await database.run(Clear()).counters.changed == 100)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NULL") == 0)
    }

    @Test func aBatchWhoseRowsStayWhereEarlierOnesLeftIsUndoneAndNotSweptOver() async throws {
        struct Mixed: BatchMigration {
            var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
            var rows: Query<User> { User.where("slug IS NULL") }
            func process(_ users: [User], _ batch: Batch) async throws {
                try await batch.execute("INSERT INTO copies SELECT id FROM users WHERE id IN \(users.map(\.id))")
                try await batch.execute("UPDATE users SET slug = 'x' WHERE id <= 15 AND id IN \(users.map(\.id))")
            }
        }
        let database = try await TestDatabase()
        try await makeUsers(30, in: database)
        try await database.execute("CREATE TABLE copies (user_id INTEGER)")
        let error = await #expect(throws: MigrationError.self) { try await database.run(Mixed()) }
        #expect(error?.code == .verification)
        #expect(try await database.number("SELECT count(*) FROM copies") == 10)
    }
}
