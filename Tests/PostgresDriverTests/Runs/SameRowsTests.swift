import DataMigrations
import DataMigrationsTesting
import Database
import Foundation
import Testing

/// A row migration leaves on PostgreSQL what it leaves on SQLite, for the same random rows.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct SameRowsTests {
    struct Person: Model {
        static let table = "people"
        var id: Int64
        var name: String
        var email: String
        var bio: String?
        var score: Double?
        var active: Bool
        var joined: Date?
        var slug: String?
    }

    struct Tidy: RowMigration {
        var batchSize = 100
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }
        var rows: Query<Person> { Person.where(\.active == true) }

        func transform(_ person: inout Person) throws {
            if person.name.isEmpty { throw NoName() }
            person.name = person.name.trimmingWhitespace()
            person.email = person.email.lowercased()
            person.bio = person.bio.flatMap { $0.isEmpty ? nil : $0 + "." }
            person.score = person.score.map { ($0 * 4).rounded() / 4 + 0 }
            person.joined = person.joined?.days(1)
            person.slug = "\(slugify(person.name))-\(person.id)"
        }

        func resolve(_ conflict: UniqueConflict, for person: inout Person) {
            person.email = "\(person.id).\(conflict.attempt).\(person.email)"
        }
    }

    struct NoName: Error, CustomStringConvertible {
        var description: String { "a person has no name" }
    }

    /// What a run leaves.
    struct Outcome: Equatable {
        var status: RunState
        var counters: ChangeCounters
        var rows: [[String?]]
        var quarantine: [[String?]]
    }

    private static func letters(_ text: String, using random: inout SplitMix) -> String {
        text.map { Bool.random(using: &random) ? $0.uppercased() : String($0) }.joined()
    }

    /// Random people: many of their addresses differ in nothing but case.
    private static func people(seed: UInt64) -> [Value] {
        var random = SplitMix(state: seed)
        let names = ["Ada", "Zoë O'Brien", " blank ", "", "żółw", "\"quoted\"", "a\\b", "Ada"]
        let bios: [Value] = [.null, "", "some text"]
        var emails: Set<String> = []
        return (1...500).flatMap { row -> [Value] in
            var email = ""
            repeat {
                email = letters("user\(Int.random(in: 0..<200, using: &random))@example.com", using: &random)
            } while !emails.insert(email).inserted
            let seconds = Double(Int.random(in: 0..<2_000_000_000, using: &random)) / 2
            let isNew = Int.random(in: 0..<4, using: &random) == 0
            let score: Value = isNew ? .null : .double(Double.random(in: -10...10, using: &random))
            let joined: Value = isNew ? .null : .date(Date(timeIntervalSince1970: seconds))
            let isActive = Int.random(in: 0..<5, using: &random) > 0
            let name = names.randomElement(using: &random) ?? ""
            let bio = bios.randomElement(using: &random) ?? .null
            return [.integer(Int64(row * 3)), .text(name), .text(email), bio, score, .bool(isActive), joined, .null]
        }
    }

    private static func outcome(
        batchSize: Int,
        seed: UInt64,
        in database: any DatabaseConnection
    ) async throws -> Outcome {
        try await database.execute(
            """
            CREATE TABLE people (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, bio TEXT,
            score DOUBLE PRECISION, active BOOLEAN NOT NULL, joined TIMESTAMP, slug TEXT)
            """
        )
        let columns = ["id", "name", "email", "bio", "score", "active", "joined", "slug"]
        try await database.run([.insert(BulkInsert(into: "people", columns: columns, values: people(seed: seed)))])
        let report = try #require(try await Runner(database).migrate(entry(Tidy(batchSize: batchSize))))
        return Outcome(
            status: report.status,
            counters: report.counters,
            rows: try await database.texts("SELECT * FROM people ORDER BY id"),
            quarantine: try await database.texts("SELECT locator, original, error FROM data_migration_quarantine")
                .sorted { ($0[0] ?? "") < ($1[0] ?? "") }
        )
    }

    @Test(arguments: [7, 100, 1_000], UInt64(1)...3)
    func theRowsAreThoseThatSQLiteHas(batchSize: Int, seed: UInt64) async throws {
        let sqlite = try await TestDatabase()
        let expected = try await Self.outcome(batchSize: batchSize, seed: seed, in: sqlite.connection)
        // The oracle itself has bad rows, good rows, and conflicts.
        #expect(expected.status == .quarantined)
        #expect(expected.rows.contains { $0[2]?.hasPrefix("\($0[0] ?? "").") ?? false })
        try await TestServer.withConnection { postgres in
            let outcome = try await Self.outcome(batchSize: batchSize, seed: seed, in: postgres)
            #expect(outcome.status == expected.status)
            #expect(outcome.counters == expected.counters)
            #expect(outcome.quarantine == expected.quarantine)
            #expect(outcome.rows.count == expected.rows.count)
            for (row, other) in zip(outcome.rows, expected.rows) { #expect(row == other) }
        }
    }
}
