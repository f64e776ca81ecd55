import DataMigrations
import DataMigrationsTesting
import Foundation
import Testing

@Suite struct RowMigrationTests {
    @Test func everyMatchingRowIsWrittenOnceAndOthersStayAsTheyAre() async throws {
        let database = try await TestDatabase()
        try await makeUsers(1_050, in: database)
        try await database.execute("UPDATE users SET slug = 'kept', writes = 0 WHERE id % 10 = 0")
        try await database.execute("UPDATE users SET writes = 0")

        let report = try await database.run(BackfillSlugs())

        #expect(report.status == .succeeded)
        #expect(report.counters.changed == 945)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug = 'user-' || id || '-' || id") == 945)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug = 'kept' AND writes = 0") == 105)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug <> 'kept' AND writes <> 1") == 0)
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 1)
    }

    @Test func onlyChangedColumnsAreWritten() async throws {
        let database = try await TestDatabase()
        try await makeUsers(50, in: database)
        try await database.execute(
            "CREATE TRIGGER names BEFORE UPDATE OF name, email ON users BEGIN SELECT RAISE(ABORT, 'name written'); END"
        )
        let report = try await database.run(BackfillSlugs())
        #expect(report.counters.changed == 50)
        #expect(report.openQuarantine == 0)
    }

    @Test func rowsThatTransformLeavesAsTheyAreAreNotWritten() async throws {
        struct Nothing: RowMigration {
            var rows: Query<User> { User.all }
            func transform(_ user: inout User) {}
        }
        let database = try await TestDatabase()
        try await makeUsers(50, in: database)
        try await database.execute(
            "CREATE TRIGGER none BEFORE UPDATE ON users BEGIN SELECT RAISE(ABORT, 'written'); END"
        )
        let report = try await database.run(Nothing())
        #expect(report.status == .succeeded)
        #expect(report.counters.visited == 50)
        #expect(report.counters.written == 0)
    }

    @Test func aDateInAnotherFormIsNotTakenForAChange() async throws {
        struct Event: Model {
            var id: Int64
            var day: Date
            var title: String
        }
        struct Shout: RowMigration {
            var rows: Query<Event> { Event.all }
            func transform(_ event: inout Event) { event.title = event.title.uppercased() }
        }
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, day TEXT, title TEXT)")
        try await database.execute(
            "INSERT INTO events VALUES (1, '2024-02-29', 'a'), (2, '2024-03-01T10:00:00+02:00', 'b')"
        )
        try await database.run(Shout())
        let rows = try await database.texts("SELECT day, title FROM events ORDER BY id")
        #expect(rows == [["2024-02-29", "A"], ["2024-03-01T10:00:00+02:00", "B"]])
    }

    @Test func aRowForWhichTransformThrowsIsPutAsideAndTheOthersGoOn() async throws {
        let database = try await TestDatabase()
        try await makeUsers(1_000, in: database)
        let report = try await database.run(BackfillSlugs(bad: [7, 500, 501, 1_000]))
        #expect(report.status == .quarantined)
        #expect(report.openQuarantine == 4)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NOT NULL AND writes = 1") == 996)
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 0)
        let failures = try await database.texts("SELECT locator, error FROM data_migration_quarantine ORDER BY id")
        #expect(failures == [7, 500, 501, 1_000].map { ["[\($0)]", "this user is bad"] })
    }

    @Test func rowsThatTheDatabaseRefusesAreFoundByBisection() async throws {
        let database = try await TestDatabase()
        try await makeUsers(2_000, in: database)
        try await database.execute(
            """
            CREATE TRIGGER refuses BEFORE UPDATE OF slug ON users WHEN new.id IN (1, 2, 999, 1500, 2000)
            BEGIN SELECT RAISE(ABORT, 'no slug for this one'); END
            """
        )
        let report = try await database.run(BackfillSlugs(batchSize: 1_000))
        #expect(report.status == .quarantined)
        let failures = try await database.texts("SELECT locator, error FROM data_migration_quarantine ORDER BY id")
        #expect(failures.map { $0[0] } == ["[1]", "[2]", "[999]", "[1500]", "[2000]"])
        #expect(failures.allSatisfy { $0[1] == "no slug for this one" })
        #expect(try await database.number("SELECT count(*) FROM users WHERE writes = 1") == 1_995)
    }

    @Test func aRowThatATriggerIgnoresIsPutAside() async throws {
        let database = try await TestDatabase()
        try await makeUsers(300, in: database)
        try await database.execute(
            "CREATE TRIGGER ignores BEFORE UPDATE OF slug ON users WHEN new.id = 42 BEGIN SELECT RAISE(IGNORE); END"
        )
        let report = try await database.run(BackfillSlugs())
        #expect(report.openQuarantine == 1)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NULL") == 1)
    }

    @Test func moreBadRowsThanTheLimitStopTheRunAndKeepWhatWasDone() async throws {
        struct Strict: RowMigration {
            var options: MigrationOptions { MigrationOptions(batchSize: .fixed(100), quarantineLimit: 3) }
            var rows: Query<User> { User.where("slug IS NULL") }
            func transform(_ user: inout User) throws {
                if user.id > 150 { throw BadUser() }
                user.slug = "\(user.id)"
            }
        }
        let database = try await TestDatabase()
        try await makeUsers(300, in: database)
        let error = await #expect(throws: MigrationError.self) { try await database.run(Strict()) }
        #expect(error?.code == .tooManyFailures)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 100)
        #expect(try await database.texts("SELECT status FROM data_migration_runs") == [["failed"]])
    }

    @Test func toleratedBadRowsLetTheMigrationCountAsExecuted() async throws {
        struct Tolerant: RowMigration {
            var options: MigrationOptions { MigrationOptions(tolerates: .upTo(2)) }
            var rows: Query<User> { User.all }
            func transform(_ user: inout User) throws {
                if user.id < 3 { throw BadUser() }
                user.slug = "\(user.id)"
            }
        }
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        #expect(try await database.run(Tolerant()).status == .succeeded)
        #expect(try await database.number("SELECT count(*) FROM data_migrations") == 1)
    }

    @Test func aChangedKeyIsRefused() async throws {
        struct Renumber: RowMigration {
            var rows: Query<User> { User.all }
            func transform(_ user: inout User) { user.id += 1_000 }
        }
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        #expect(try await database.run(Renumber()).openQuarantine == 3)
        #expect(try await database.number("SELECT max(id) FROM users") == 3)
    }

    @Test func aNullThatDecodesToADefaultIsNotWrittenUnlessItChanges() async throws {
        struct Setting: Model {
            var id: Int64
            var theme: String
            var note: String?

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                id = try container.decode(Int64.self, forKey: .id)
                theme = try container.decodeIfPresent(String.self, forKey: .theme) ?? "light"
                note = try container.decodeIfPresent(String.self, forKey: .note)
            }
        }
        struct Note: RowMigration {
            var rows: Query<Setting> { Setting.all }
            func transform(_ setting: inout Setting) {
                setting.note = "seen"
                if setting.id == 3 { setting.theme = "dark" }
            }
        }
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE settings (id INTEGER PRIMARY KEY, theme TEXT, note TEXT)")
        try await database.execute("INSERT INTO settings VALUES (1, NULL, NULL), (2, 'blue', NULL), (3, NULL, NULL)")
        try await database.run(Note())
        let rows = try await database.texts("SELECT theme, note FROM settings ORDER BY id")
        #expect(rows == [[nil, "seen"], ["blue", "seen"], ["dark", "seen"]])
    }
}
