import DataMigrations
import DataMigrationsTesting
import Testing

/// Rows that `process` puts aside itself.
@Suite struct BatchQuarantineTests {
    struct Copied: Model {
        static let table = "copies"
        static let primaryKey = ["user_id"]
        var userID: Int64
        var rank: Int64
    }

    /// Copies users to a table that refuses negative ranks.
    struct Copy: BatchMigration {
        var batchSize = 100
        /// Users that are put aside.
        var aside: Set<Int64> = []
        /// Users whose copy the table refuses.
        var refused: Set<Int64> = []
        /// Whether users leave the condition.
        var marks = false

        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }
        var rows: Query<User> { marks ? User.where("slug IS NULL") : User.all }

        func process(_ users: [User], _ batch: Batch) async throws {
            for (index, user) in users.enumerated() where aside.contains(user.id) {
                batch.quarantine(index, "user \(user.id) is put aside")
            }
            let others = users.filter { !aside.contains($0.id) }
            try await batch.insert(others.map { Copied(userID: $0.id, rank: refused.contains($0.id) ? -1 : 1) })
            if marks { try await batch.execute("UPDATE users SET slug = 'x' WHERE id IN \(others.map(\.id))") }
        }
    }

    private func database(_ users: Int) async throws -> TestDatabase {
        let database = try await TestDatabase()
        try await makeUsers(users, in: database)
        try await database.execute(
            "CREATE TABLE copies (user_id INTEGER NOT NULL PRIMARY KEY, rank INTEGER NOT NULL CHECK (rank > 0))"
        )
        return database
    }

    /// The rows that were put aside, and why.
    private func quarantine(in database: TestDatabase) async throws -> [String: String] {
        let rows = try await database.texts(
            "SELECT locator, error FROM data_migration_quarantine WHERE status = 'open'"
        )
        let pairs = rows.map { ($0[0] ?? "", $0[1] ?? "") }
        #expect(Set(pairs.map { $0.0 }).count == pairs.count, "a row is put aside twice")
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private func expectCopies(of users: Int, without missing: Set<Int64>, in database: TestDatabase) async throws {
        let expected: [[String?]] = (1...Int64(users)).filter { !missing.contains($0) }.map { [String($0)] }
        #expect(try await database.texts("SELECT user_id FROM copies ORDER BY user_id") == expected)
    }

    @Test(arguments: [1, 7, 100, 1_000])
    func rowsThatAreSetAsideAreListedAndTheOthersAreProcessed(batchSize: Int) async throws {
        let aside: Set<Int64> = [1, 2, 50, 100, 101, 300]
        let database = try await database(300)
        let report = try await database.run(Copy(batchSize: batchSize, aside: aside))
        #expect(report.status == .quarantined)
        #expect(report.openQuarantine == 6)
        #expect(report.counters.visited == 300)
        #expect(report.counters.inserted == 294)
        #expect(report.counters.quarantined == 6)
        let expected = aside.map { ("[\($0)]", "user \($0) is put aside") }
        #expect(try await quarantine(in: database) == Dictionary(uniqueKeysWithValues: expected))
        try await expectCopies(of: 300, without: aside, in: database)
        let original = try await database.texts("SELECT original FROM data_migration_quarantine WHERE locator = '[50]'")
        #expect(original == [[#"{"email":"User50@Example.com","id":50,"name":"User 50","slug":null}"#]])
    }

    @Test(arguments: [7, 100, 1_000])
    func theyAreSetAsideOnceWhenTheBatchIsTakenApartForTheSakeOfOthers(batchSize: Int) async throws {
        let aside: Set<Int64> = [1, 41, 43, 60, 299]
        let refused: Set<Int64> = [2, 42, 44, 300]
        let database = try await database(300)
        let report = try await database.run(Copy(batchSize: batchSize, aside: aside, refused: refused))
        #expect(report.openQuarantine == 9)
        #expect(report.counters.visited == 300)
        #expect(report.counters.inserted == 291)
        let quarantine = try await quarantine(in: database)
        #expect(Set(quarantine.keys) == Set(aside.union(refused).map { "[\($0)]" }))
        for id in aside { #expect(quarantine["[\(id)]"] == "user \(id) is put aside") }
        for id in refused { #expect(quarantine["[\(id)]"]?.contains("CHECK") == true) }
        try await expectCopies(of: 300, without: aside.union(refused), in: database)
    }

    @Test func rowsThatStayInTheConditionForBeingSetAsideAreNotSweptAgain() async throws {
        let aside: Set<Int64> = [3, 10, 11, 150]
        let database = try await database(200)
        let report = try await database.run(Copy(batchSize: 20, aside: aside, refused: [4], marks: true))
        #expect(report.status == .quarantined)
        #expect(report.openQuarantine == 5)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NULL") == 5)
        try await expectCopies(of: 200, without: aside.union([4]), in: database)
    }

    @Test func whatWasSetAsideCanBeRetried() async throws {
        let database = try await database(100)
        _ = try await database.runner().migrate(entry(Copy(aside: [5, 6, 7])))
        let second = try await database.runner().retry(entry(Copy(aside: [6])))
        #expect(second.openQuarantine == 1)
        try await expectCopies(of: 100, without: [6], in: database)
        #expect(try await quarantine(in: database) == ["[6]": "user 6 is put aside"])
        #expect(try await database.runner().retry(entry(Copy())).status == .succeeded)
        try await expectCopies(of: 100, without: [], in: database)
    }

    @Test func aLineOfAFileIsSetAsideByItsNumber() async throws {
        struct Legacy: Decodable, Sendable {
            var id: Int64
        }
        struct Import: BatchMigration {
            var path = ""
            var rows: CSVFile<Legacy> { CSVFile(path) }
            func process(_ rows: [Legacy], _ batch: Batch) async throws {
                for (index, row) in rows.enumerated() where row.id < 0 { batch.quarantine(index, "a negative id") }
                try await batch.insert(rows.filter { $0.id >= 0 }.map { Copied(userID: $0.id, rank: $0.id) })
            }
        }
        let database = try await database(1)
        // Of these, one is broken, and one is refused by the table.
        let file = try TemporaryFile("id\n4\n-5\nx\n6\n0\n-7\n8\n")
        let report = try await database.runner().migrate(entry(Import(path: file.path)))
        #expect(report?.openQuarantine == 4)
        let quarantine = try await quarantine(in: database)
        #expect(Set(quarantine.keys) == ["line 3", "line 4", "line 6", "line 7"])
        #expect(quarantine["line 3"] == "a negative id" && quarantine["line 7"] == "a negative id")
        #expect(try await database.texts("SELECT user_id FROM copies ORDER BY user_id") == [["4"], ["6"], ["8"]])
    }

    @Test func aRowThatThereIsNotFailsTheRun() async throws {
        struct Wrong: BatchMigration {
            var rows: Query<User> { User.all }
            func process(_ users: [User], _ batch: Batch) async throws { batch.quarantine(users.count, "beyond") }
        }
        let database = try await database(10)
        let error = await #expect(throws: MigrationError.self) { try await database.run(Wrong()) }
        #expect(error?.description.contains("no row 10") == true)
        #expect(try await database.number("SELECT count(*) FROM data_migration_quarantine") == 0)
    }

    @Test func theLimitOfBadRowsCountsThem() async throws {
        struct Strict: BatchMigration {
            var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10), quarantineLimit: 15) }
            var rows: Query<User> { User.all }
            func process(_ users: [User], _ batch: Batch) async throws {
                for index in users.indices { batch.quarantine(index, "all of them") }
            }
        }
        let database = try await database(100)
        let error = await #expect(throws: MigrationError.self) { try await database.run(Strict()) }
        #expect(error?.code == .tooManyFailures)
        #expect(try await database.number("SELECT count(*) FROM data_migration_quarantine") == 10)
    }
}
