import DataMigrations
import DataMigrationsTesting
import Testing

/// Which rows of a table are tried.
@Suite("The samples of a preview") struct PreviewSampleTests {
    struct Visit: BatchMigration {
        var seen = Notebook<[Int64]>()
        var rows: Query<User> { User.all }
        func process(_ users: [User], _ batch: Batch) async throws { seen.note(users.map(\.id)) }
    }

    @Test func areTheFirstAndTheLastBatchAndSomeBetween() async throws {
        let database = try await TestDatabase()
        try await makeUsers(20_000, in: database)
        let migration = Visit()
        let preview = try await database.previewLeavingNothing(migration, sample: 100)
        let seen = migration.seen.all
        #expect(preview.batches == 5)
        #expect(preview.counters.visited == 500)
        #expect(preview.sources[0].rows == 20_000)
        #expect(seen.count == 5)
        #expect(seen.first == Array(1...100))
        #expect(seen.last == Array(19_901...20_000))
        let middle = try #require(seen[2].first)
        #expect((10_000...10_003).contains(middle))
        for batch in seen {
            let start = try #require(batch.first)
            #expect(batch == Array(start..<start + 100))
        }
        #expect(Set(seen.joined()).count == 500)
        #expect((2_000...9_003).contains(seen[1].first ?? 0))
        #expect((11_000...18_003).contains(seen[3].first ?? 0))
    }

    @Test(arguments: [501, 502, 555, 700, 1_000], 1...5)
    func takeNoRowTwiceHoweverCloseTheyAre(rows: Int, attempt: Int) async throws {
        let database = try await TestDatabase()
        try await makeUsers(rows, in: database)
        let migration = Visit()
        let preview = try await database.previewLeavingNothing(migration, sample: 100)
        let seen = Array(migration.seen.all.joined())
        #expect(Set(seen).count == seen.count)
        #expect(preview.counters.visited == seen.count)
        #expect(seen.first == 1)
        #expect(seen.last == Int64(rows))
        #expect(seen.count >= 250)
    }

    @Test(arguments: [0, 1, 99, 100, 101, 499, 500])
    func areTheWholeTableWhereItIsSmall(rows: Int) async throws {
        let database = try await TestDatabase()
        try await makeUsers(max(1, rows), in: database)
        if rows == 0 { try await database.execute("DELETE FROM users") }
        let migration = Visit()
        let preview = try await database.previewLeavingNothing(migration, sample: 100)
        #expect(Array(migration.seen.all.joined()) == (0..<rows).map { Int64($0 + 1) })
        #expect(preview.counters.visited == rows)
        #expect(preview.batches == (rows + 99) / 100)
        #expect(preview.sources[0].rows == rows)
        #expect(preview.sources[0].isExact)
        #expect(preview.hasWork == (rows > 0))
    }

    @Test func findTheRowsBehindAGapOfTheKeys() async throws {
        let database = try await TestDatabase()
        try await makeUsers(1_000, in: database)
        try await database.execute("UPDATE users SET id = id + 1000000000000 WHERE id > 300")
        let migration = Visit()
        _ = try await database.previewLeavingNothing(migration, sample: 100)
        let seen = migration.seen.all
        #expect(seen.first == Array(1...100))
        #expect(seen.last?.last == 1_000_000_001_000)
        let all = Array(seen.joined())
        #expect(Set(all).count == all.count)
        #expect(all.contains { (1_000_000_000_301...1_000_000_000_900).contains($0) })
    }

    struct Code: Model {
        static let primaryKey = ["code"]
        var code: String
    }

    struct VisitCodes: BatchMigration {
        var seen = Notebook<[String]>()
        var rows: Query<Code> { Code.where("kind = 'wanted'") }
        func process(_ codes: [Code], _ batch: Batch) async throws { seen.note(codes.map(\.code)) }
    }

    @Test func goAlongAKeyOfText() async throws {
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE codes (code TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL)")
        try await database.execute(
            """
            INSERT INTO codes WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2200)
            SELECT printf('%05d', i * 7919 % 100003), CASE WHEN i % 2 THEN 'wanted' ELSE 'other' END FROM n
            """
        )
        let wanted = try await database.texts("SELECT code FROM codes WHERE kind = 'wanted' ORDER BY code")
            .compactMap { $0[0] }
        let migration = VisitCodes()
        let preview = try await database.previewLeavingNothing(migration, sample: 100)
        let seen = migration.seen.all
        #expect(preview.sources[0].rows == 1_100)
        #expect(seen.map(\.count) == [100, 100, 100, 100])
        #expect(seen.first == Array(wanted.prefix(100)))
        #expect(seen.last == Array(wanted.suffix(100)))
        let all = Array(seen.joined())
        #expect(Set(all).count == 400)
        #expect(all == all.sorted())
    }

    struct Tally: BatchMigration {
        var seen = Notebook<[String]>()
        var rows: Query<Membership> { Membership.all }
        func process(_ memberships: [Membership], _ batch: Batch) async throws {
            seen.note(memberships.map { "\($0.tenant)\($0.code)" })
        }
    }

    @Test func goAlongAKeyOfSeveralColumns() async throws {
        let database = try await TestDatabase.withMemberships()
        let migration = Tally()
        _ = try await database.previewLeavingNothing(migration, sample: 2)
        let seen = migration.seen.all
        #expect(seen.first == ["1a", "1b"])
        #expect(seen.last == ["3c", "3d"])
        #expect(seen.count == 4)
        #expect(Set(seen.joined()).count == 8)
    }

    @Test func countTheRowsExactlyIfThatIsAskedFor() async throws {
        let database = try await TestDatabase()
        try await makeUsers(30, in: database)
        let preview = try await database.previewLeavingNothing(Visit(), sample: 2, isExact: true)
        #expect(preview.sources[0].rows == 30)
        #expect(preview.sources[0].isExact)
        #expect(preview.notes.isEmpty)
    }

    @Test func endBehindSomeMegabytesHoweverFewTheRowsAre() async throws {
        let database = try await TestDatabase()
        try await makeUsers(6, in: database)
        try await database.execute("UPDATE users SET name = hex(zeroblob(1500000))")
        let migration = Visit()
        let preview = try await database.previewLeavingNothing(migration)
        #expect(migration.seen.all.map(\.count) == [2, 2, 2])
        #expect(preview.counters.visited == 6)
    }
}
