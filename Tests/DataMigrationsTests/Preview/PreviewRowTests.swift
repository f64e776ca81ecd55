import DataMigrations
import DataMigrationsTesting
import Testing

/// A migration that changes rows in place.
@Suite("A preview of a row migration") struct PreviewRowTests {
    @Test func countsAndShowsWhatARunThenDoes() async throws {
        let database = try await TestDatabase()
        try await makeUsers(300, in: database)
        let preview = try await database.previewLeavingNothing(BackfillSlugs())
        #expect(preview.failure == nil)
        #expect(preview.hasWork)
        #expect(preview.version == "20240101120000")
        #expect(preview.name == "backfill_slugs")
        #expect(preview.batches == 1)
        #expect(preview.sources.map(\.label) == ["users"])
        #expect(preview.sources[0].rows == 300)
        #expect(preview.sources[0].isExact)
        #expect(preview.triggers == ["users: counts"])
        #expect(preview.locks.isEmpty)
        #expect(preview.bytesPerRow == nil)
        #expect(preview.rows.count == 10)
        #expect(preview.rows.map(\.key) == (1...10).map { #"{"id":\#($0)}"# })
        let first = try #require(preview.rows.first)
        #expect(first.table == "users")
        #expect(first.kind == .changed)
        #expect(first.fields.map(\.column) == ["slug"])
        #expect(first.fields.map(\.before) == [nil])
        #expect(first.fields.map(\.after) == ["user-1-1"])
        let seconds = try #require(preview.seconds)
        #expect(seconds.lowerBound > 0)

        let report = try await database.runner().migrate(entry(BackfillSlugs()))
        #expect(report?.status == .succeeded)
        #expect(report?.counters == preview.counters)
        #expect(try await database.notBorneOut(by: preview).isEmpty)
    }

    @Test func leavesNoLedgerBehindWhereThereWasNone() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        _ = try await database.previewLeavingNothing(BackfillSlugs())
        #expect(try await database.number("SELECT count(*) FROM sqlite_master WHERE name LIKE 'data_migration%'") == 0)
    }

    @Test func leavesTheLedgerAsItIsWhereThereIsOne() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        _ = try await database.runner().migrate(entry(ByHand(), version: "1"))
        #expect(try await database.previewLeavingNothing(BackfillSlugs()).counters.changed == 10)
        #expect(try await database.number("SELECT count(*) FROM data_migration_runs") == 1)
    }

    @Test func showsWhatIsStoredOfAValueNotWhatWasWritten() async throws {
        struct Switch: RowMigration {
            var rows: Query<Inhabitant> { Inhabitant.all }
            func transform(_ person: inout Inhabitant) { person.isActive.toggle() }
        }
        let database = try await TestDatabase.withFourPeople()
        let preview = try await database.previewLeavingNothing(Switch())
        #expect(preview.rows.map { $0.fields.map(\.before) } == [["1"], ["1"], ["1"], ["0"]])
        #expect(preview.rows.map { $0.fields.map(\.after) } == [["0"], ["0"], ["0"], ["1"]])
        try await database.run(Switch())
        #expect(try await database.notBorneOut(by: preview).isEmpty)
    }

    @Test func countsAndListsTheRowsThatWouldBePutAside() async throws {
        let database = try await TestDatabase()
        try await makeUsers(300, in: database)
        let migration = BackfillSlugs(bad: [5, 70, 299])
        let preview = try await database.previewLeavingNothing(migration)
        #expect(preview.failure == nil)
        #expect(preview.counters.quarantined == 3)
        #expect(preview.counters.changed == 297)
        #expect(preview.quarantined.map(\.locator) == ["[5]", "[70]", "[299]"])
        #expect(preview.quarantined.allSatisfy { $0.error == "this user is bad" })
        let report = try await database.runner().migrate(entry(migration))
        #expect(report?.counters == preview.counters)
        let found = try await database.texts("SELECT locator, original FROM data_migration_quarantine ORDER BY id")
        let told: [[String?]] = preview.quarantined.map { [$0.locator, $0.original] }
        #expect(found == told)
    }

    @Test func showsNoMoreRowsThanAskedFor() async throws {
        let database = try await TestDatabase()
        try await makeUsers(60, in: database)
        #expect(try await database.previewLeavingNothing(BackfillSlugs(), shownRows: 0).rows.isEmpty)
        #expect(try await database.previewLeavingNothing(BackfillSlugs(), shownRows: 3).rows.count == 3)
        #expect(try await database.previewLeavingNothing(BackfillSlugs(), shownRows: 1_000).rows.count == 60)
        // Of several batches, the first rows of each in turn.
        let rows = try await database.previewLeavingNothing(BackfillSlugs(), sample: 20, shownRows: 4).rows
        #expect(rows.map(\.key) == [1, 21, 41, 2].map { #"{"id":\#($0)}"# })
    }

    @Test(arguments: [UInt64(1), 2, 3]) func resolvesConflictsAsARunDoes(seed: UInt64) async throws {
        let database = try await TestDatabase()
        try await makePeople(seed, in: database)
        let preview = try await database.previewLeavingNothing(UniqueConflictTests.Lowercase(), shownRows: 100)
        #expect(preview.counters.quarantined == 0)
        #expect(preview.counters.changed > 10)
        let report = try await database.run(UniqueConflictTests.Lowercase())
        #expect(report.counters == preview.counters)
        #expect(preview.rows.count == preview.counters.changed)
        #expect(try await database.notBorneOut(by: preview).isEmpty)
    }

    @Test(arguments: [UInt64(4), 5, 6]) func putsConflictsAsideAsARunDoes(seed: UInt64) async throws {
        let database = try await TestDatabase()
        try await makePeople(seed, in: database)
        let preview = try await database.previewLeavingNothing(UniqueConflictTests.LowercaseOrNot(), shownRows: 100)
        #expect(preview.counters.quarantined > 0)
        let report = try await database.run(UniqueConflictTests.LowercaseOrNot())
        #expect(report.counters == preview.counters)
        let found = try await database.query("SELECT locator, error FROM data_migration_quarantine")
        let written = Set(found.map { "\($0[0].text ?? "") \($0[1].text ?? "")" })
        let told = Set(preview.quarantined.map { "\($0.locator) \($0.error)" })
        #expect(told.isSubset(of: written))
        #expect(told.count == min(20, written.count))
        #expect(try await database.notBorneOut(by: preview).isEmpty)
    }

    /// Sixty users, many of whose addresses differ in their case alone.
    private func makePeople(_ seed: UInt64, in database: TestDatabase) async throws {
        var random = SplitMix(state: seed)
        var emails: [String] = []
        while emails.count < 60 {
            let letters = (0..<2).map { _ in ["a", "A", "b", "B", "c", "C"].randomElement(using: &random) ?? "a" }
            let email = letters.joined() + String(Int.random(in: 0..<4, using: &random))
            if !emails.contains(email) { emails.append(email) }
        }
        try await database.execute(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE, slug TEXT)"
        )
        for (index, email) in emails.enumerated() {
            try await database.execute("INSERT INTO users VALUES (\(index + 1), 'x', \(email), NULL)")
        }
    }
}
