import DataMigrations
import DataMigrationsTesting
import Testing

@Suite struct UniqueConflictTests {
    struct Lowercase: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }
        var batchSize = 100
        var rows: Query<User> { User.all }
        func transform(_ user: inout User) { user.email = user.email.lowercased() }
        func resolve(_ conflict: UniqueConflict, for user: inout User) { user.email += "_\(user.id)" }
    }

    struct LowercaseOrNot: RowMigration {
        var rows: Query<User> { User.all }
        func transform(_ user: inout User) { user.email = user.email.lowercased() }
    }

    /// What a loop in the order of the ids does, row by row.
    static func oracle(_ emails: [String]) -> [String] {
        var emails = emails
        for index in emails.indices {
            var new = emails[index].lowercased()
            if new != emails[index], emails.contains(new) { new += "_\(index + 1)" }
            emails[index] = new
        }
        return emails
    }

    @Test(arguments: [1, 2, 3, 7, 100], [UInt64(1), 2, 3, 4, 5])
    func conflictsAreResolvedAsALoopOverTheRowsWould(batchSize: Int, seed: UInt64) async throws {
        var random = SplitMix(state: seed)
        var emails: [String] = []
        while emails.count < 60 {
            let letters = (0..<2).map { _ in ["a", "A", "b", "B", "c", "C"].randomElement(using: &random) ?? "a" }
            let email = letters.joined() + String(Int.random(in: 0..<4, using: &random))
            if !emails.contains(email) { emails.append(email) }
        }
        let database = try await TestDatabase()
        try await database.execute(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE, slug TEXT)"
        )
        for (index, email) in emails.enumerated() {
            try await database.execute("INSERT INTO users VALUES (\(index + 1), 'x', \(email), NULL)")
        }
        let report = try await database.run(Lowercase(batchSize: batchSize))
        #expect(report.status == .succeeded)
        let left = try await User.all.order("id").pluck("email", as: String.self, in: database)
        #expect(left == Self.oracle(emails))
    }

    @Test func withoutResolveTheRowThatComesSecondIsPutAside() async throws {
        let database = try await TestDatabase()
        try await database.execute(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE, slug TEXT)"
        )
        try await database.execute(
            "INSERT INTO users (id, name, email) VALUES (1, 'x', 'A'), (2, 'x', 'a'), (3, 'x', 'B'), (4, 'x', 'b2')"
        )
        let report = try await database.run(LowercaseOrNot())
        #expect(report.openQuarantine == 1)
        let error = try await database.texts("SELECT locator, error FROM data_migration_quarantine")
        #expect(error == [["[1]", "another row of users has the same email"]])
        #expect(try await User.all.order("id").pluck("email", as: String.self, in: database) == ["A", "a", "b", "b2"])
    }

    @Test func aConflictThatOnlyTheDatabaseSeesIsResolvedRowByRow() async throws {
        let database = try await TestDatabase()
        try await database.execute(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, slug TEXT)"
        )
        // The probe does not know of an index over an expression.
        try await database.execute("CREATE UNIQUE INDEX folded ON users (trim(email, '.'))")
        try await database.execute(
            "INSERT INTO users (id, name, email) VALUES (1, 'x', 'a.'), (2, 'x', 'A'), (3, 'x', 'B'), (4, 'x', 'c')"
        )
        let report = try await database.run(Lowercase())
        #expect(report.status == .succeeded)
        let left = try await User.all.order("id").pluck("email", as: String.self, in: database)
        #expect(left == ["a.", "a_2", "b", "c"])
    }

    /// 900 gives `x` up, then 1100 takes it: no conflict, however the rows are cut into batches and parts.
    struct HandOver: RowMigration {
        var batchSize = 1
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }
        var rows: Query<User> { User.all }
        func transform(_ user: inout User) {
            if user.id == 900 { user.email = "given up" }
            if user.id == 1_100 { user.email = "x" }
        }
        func resolve(_ conflict: UniqueConflict, for user: inout User) { user.email = "resolved" }
    }

    @Test(arguments: [100, 1_000, 2_000])
    func aValueThatAnEarlierRowGivesUpIsFree(batchSize: Int) async throws {
        let database = try await TestDatabase()
        try await makeUsers(1_500, in: database)
        try await database.execute("UPDATE users SET email = 'x' WHERE id = 900")
        try await database.run(HandOver(batchSize: batchSize))
        let left = try await database.texts("SELECT email FROM users WHERE id IN (900, 1100) ORDER BY id")
        #expect(left == [["given up"], ["x"]])
    }
}
