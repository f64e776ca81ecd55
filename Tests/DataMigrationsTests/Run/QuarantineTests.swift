import DataMigrations
import DataMigrationsTesting
import Foundation
import Testing

@Suite struct QuarantineTests {
    @Test func retryTakesTheBadRowsOnlyAndClosesTheMatterWhenTheyAreWell() async throws {
        let database = try await TestDatabase()
        try await makeUsers(200, in: database)
        let bad = entry(BackfillSlugs(bad: [5, 6]))
        #expect(try await database.runner().migrate(bad)?.status == .quarantined)

        let stillBad = try await database.runner().retry(entry(BackfillSlugs(bad: [6])))
        #expect(stillBad.status == .quarantined)
        #expect(stillBad.openQuarantine == 1)
        #expect(stillBad.counters.changed == 199)

        let recorder = Recorder()
        let well = try await database.runner(observer: recorder).retry(entry(BackfillSlugs()))
        #expect(well.status == .succeeded)
        #expect(recorder.batchSizes.isEmpty)
        #expect(try await database.number("SELECT count(*) FROM users WHERE writes <> 1 OR slug IS NULL") == 0)
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 1)
    }

    @Test func aMigrationWithRowsInQuarantineIsNotReadAgain() async throws {
        let database = try await TestDatabase()
        try await makeUsers(200, in: database)
        let bad = entry(BackfillSlugs(bad: [5]))
        _ = try await database.runner().migrate(bad)
        let recorder = Recorder()
        let again = try await database.runner(observer: recorder).migrate(bad)
        #expect(again?.status == .quarantined)
        #expect(recorder.batchSizes.isEmpty)
    }

    @Test func acceptRecordsTheMigrationAsExecutedAndLeavesTheRowsAlone() async throws {
        let database = try await TestDatabase()
        try await makeUsers(20, in: database)
        let bad = entry(BackfillSlugs(bad: [5, 6]))
        _ = try await database.runner().migrate(bad)
        #expect(try await database.runner().accept(bad) == 2)
        #expect(try await database.runner().migrate(bad) == nil)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NULL") == 2)
        #expect(try await database.texts("SELECT kind FROM data_migration_events WHERE kind = 'accepted'").count == 1)
        await #expect(throws: MigrationError.self) { try await database.runner().accept(bad) }
    }

    @Test func aBadRecordOfAFileIsRetriedFromWhatTheQuarantineKept() async throws {
        struct Legacy: Decodable, Sendable {
            var id: Int64
            var name: String
        }
        struct Import: BatchMigration {
            var path: String
            var refuses: Set<Int64>
            init() { (path, refuses) = ("", []) }
            init(path: String, refuses: Set<Int64>) { (self.path, self.refuses) = (path, refuses) }
            var rows: CSVFile<Legacy> { CSVFile(path) }
            func process(_ rows: [Legacy], _ batch: Batch) async throws {
                if rows.contains(where: { refuses.contains($0.id) }) { throw BadUser() }
                try await batch.insert(rows.map { User(id: $0.id, name: $0.name, email: "\($0.id)") })
            }
        }
        let database = try await TestDatabase()
        try await makeUsers(1, in: database)
        let file = try TemporaryFile("id,name\n10,\"a, b\"\n11,b\nx,c\n13,d\n")
        let first = try await database.runner().migrate(entry(Import(path: file.path, refuses: [10])))
        #expect(first?.openQuarantine == 2)
        let locators = try await database.texts("SELECT locator FROM data_migration_quarantine ORDER BY locator")
        #expect(locators == [["line 2"], ["line 4"]])

        let second = try await database.runner().retry(entry(Import(path: file.path, refuses: [])))
        #expect(second.openQuarantine == 1)
        #expect(
            try await database.texts("SELECT id, name FROM users WHERE id >= 10 ORDER BY id")
                == [["10", "a, b"], ["11", "b"], ["13", "d"]]
        )
    }

    @Test func aRetryThatWasStoppedCanBeRetriedAndAccepted() async throws {
        let database = try await TestDatabase()
        try await makeUsers(300, in: database)
        _ = try await database.runner().migrate(entry(BackfillSlugs(bad: [5, 6])))
        let stop = StopSignal()
        stop.request("test")
        #expect(try await database.runner(stop: stop).retry(entry(BackfillSlugs())).status == .cancelled)
        #expect(try await database.runner().retry(entry(BackfillSlugs(bad: [6]))).openQuarantine == 1)
        #expect(try await database.runner(stop: stop).retry(entry(BackfillSlugs())).status == .cancelled)
        #expect(try await database.runner().accept(entry(BackfillSlugs())) == 1)
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 1)
    }

    @Test func aRowIsSweptThoughAnotherStepPutARowWithItsKeyAside() async throws {
        struct Item: Model {
            var id: Int64
        }
        struct TwoSteps: DataMigration {
            func up(_ migration: MigrationContext) async throws {
                try await migration.inBatches(Item.all, step: "items") { _, _ in throw BadUser() }
                try await migration.inBatches(User.where("slug IS NULL"), step: "users") { users, batch in
                    try await batch.execute("UPDATE users SET slug = 's' WHERE id IN \(users.map(\.id))")
                }
            }
        }
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        try await database.execute("CREATE TABLE items (id INTEGER PRIMARY KEY)")
        try await database.execute("INSERT INTO items VALUES (11)")
        try await database.execute(
            """
            CREATE TRIGGER late AFTER UPDATE OF slug ON users WHEN new.id = 5
            BEGIN INSERT INTO users (id, name, email) VALUES (11, 'Late', 'late'); END
            """
        )
        #expect(try await database.run(TwoSteps()).openQuarantine == 1)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NULL") == 0)
    }

    @Test func bytesThatWereNoTextAreNotRetried() async throws {
        struct Name: Codable, Sendable {
            var name: String
        }
        struct ImportNames: BatchMigration {
            var path = ""
            var rows: JSONLinesFile<Name> { JSONLinesFile(path) }
            func process(_ rows: [Name], _ batch: Batch) async throws {
                for row in rows { try await batch.execute("INSERT INTO names VALUES (\(row.name))") }
            }
        }
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE names (name TEXT)")
        let file = try TemporaryFile(Array(#"{"name":"M"#.utf8) + [0xFC] + Array(#"ller"}"#.utf8))
        let migration = entry(ImportNames(path: file.path))
        #expect(try await database.runner().migrate(migration)?.status == .quarantined)
        #expect(try await database.runner().retry(migration).status == .quarantined)
        #expect(try await database.number("SELECT count(*) FROM names") == 0)
    }
}
