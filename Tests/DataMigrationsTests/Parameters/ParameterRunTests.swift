import DataMigrationsTesting
import Foundation
import Synchronization
import Testing

@testable import DataMigrations

/// The values of a run are those it began with, whoever goes on with it.
@Suite struct ParameterRunTests {
    struct Mark: RowMigration {
        @Parameter("Users up to this number are marked.", validate: { $0 >= 0 }) var most: Int64
        @Parameter var mark = "done"
        @Parameter(default: Date.now) var moment: Date

        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
        var rows: Query<User> { User.where("id <= \(most) AND slug IS NULL") }
        func transform(_ user: inout User) { user.slug = "\(mark) \(moment.timeIntervalSinceReferenceDate)" }
        func verify(_ database: any DatabaseAccess) async throws {
            try await database.expect(count: User.where("slug LIKE \(mark + " %")"), equals: Int(most))
        }
    }

    private static let version = "20240101120000"

    /// As a plan has it: made anew for each run.
    private let migration = MigrationPlan.Entry(version: version, name: "mark", Mark.self)

    private func database() async throws -> TestDatabase {
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        return database
    }

    private func slugs(_ database: TestDatabase) async throws -> [[String?]] {
        try await database.texts("SELECT DISTINCT slug FROM users WHERE slug IS NOT NULL")
    }

    private func stopped(_ database: TestDatabase) async throws {
        let stop = StopSignal()
        let runner = database.runner(observer: Recorder(stop: stop, after: 2), stop: stop)
        let report = try await runner.migrate(migration, arguments: ["most": "50", "mark": "first"])
        #expect(report?.status == .cancelled)
    }

    @Test func aMissingValueIsAnErrorBeforeAnythingIsWritten() async throws {
        let database = try await database()
        let tables = try await database.texts("SELECT name FROM sqlite_master")
        for arguments in [[:], ["most": "-1"], ["most": "x"], ["most": "1", "least": "0"]] {
            let error = await #expect(throws: MigrationError.self) {
                try await database.runner().migrate(migration, arguments: arguments)
            }
            #expect(error?.code == .arguments)
        }
        #expect(try await database.texts("SELECT name FROM sqlite_master") == tables)
    }

    @Test func aRunThatIsGoneOnWithKeepsItsValues() async throws {
        let database = try await database()
        try await stopped(database)
        let done = try await database.number("SELECT count(*) FROM users WHERE slug IS NOT NULL")
        #expect(done == 20)
        // Without values, the recorded ones hold; the default `Date.now`, too.
        let report = try await database.runner().migrate(migration)
        #expect(report?.status == .succeeded)
        let slugs = try await slugs(database)
        #expect(slugs.count == 1)
        #expect(slugs.first?[0]?.hasPrefix("first ") == true)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 50)
    }

    @Test func theSameValuesAreTakenAndOthersRefused() async throws {
        let database = try await database()
        try await stopped(database)
        let events = try await database.number("SELECT count(*) FROM data_migration_events")
        let error = await #expect(throws: MigrationError.self) {
            try await database.runner().migrate(migration, arguments: ["most": "60"])
        }
        #expect(error?.code == .arguments)
        #expect(error?.description.contains("another most") == true)
        #expect(try await database.number("SELECT count(*) FROM data_migration_events") == events)
        #expect(try await database.texts("SELECT status FROM data_migration_runs") == [["cancelled"]])
        let report = try await database.runner().migrate(migration, arguments: ["most": "50"])
        #expect(report?.status == .succeeded)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 50)
    }

    @Test func aFinishedRunWithOtherValuesDoesNotSeemToBeDone() async throws {
        let database = try await database()
        _ = try await database.runner().migrate(migration, arguments: ["most": "10"])
        #expect(try await database.runner().migrate(migration) == nil)
        #expect(try await database.runner().migrate(migration, arguments: ["most": "10"]) == nil)
        let error = await #expect(throws: MigrationError.self) {
            try await database.runner().migrate(migration, arguments: ["most": "20"])
        }
        #expect(error?.description.contains("--again") == true)
        _ = try await database.runner().migrate(migration, again: true, arguments: ["most": "20"])
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 20)
    }

    @Test func verificationAndPreviewHaveTheValuesOfTheRun() async throws {
        let database = try await database()
        try await stopped(database)
        let preview = try await database.runner().preview(migration)
        #expect(preview.failure == nil)
        #expect(preview.counters.visited == 30)
        _ = try await database.runner().migrate(migration)
        #expect(try await database.runner().verify(migration).isPassed)
        try await database.execute("UPDATE users SET slug = 'other' WHERE id = 7")
        #expect(try await !database.runner().verify(migration).isPassed)
    }

    @Test func aPreviewWithoutAValueSaysWhatIsMissing() async throws {
        let database = try await database()
        let preview = try await database.runner().preview(migration)
        #expect(preview.failure?.contains("needs a value for most") == true)
        #expect(preview.counters.visited == 0)
        let given = try await database.runner().preview(migration, arguments: ["most": "5"])
        #expect(given.failure == nil)
        #expect(given.counters.visited == 5)
        #expect(try await slugs(database).isEmpty)
    }

    struct Both: DataMigration {
        @Parameter var word: String
        func up(_ migration: MigrationContext) async throws {
            #expect(migration.parameters == ["word": .text(word)])
            let word = word
            try await migration.step("set") { try await $0.execute("UPDATE users SET slug = \(word)") }
        }
        func down(_ migration: MigrationContext) async throws {
            let word = word
            try await migration.step("unset") {
                try await $0.execute("UPDATE users SET slug = NULL, name = \(word) WHERE slug = \(word)")
            }
        }
    }

    @Test func theWayBackHasTheValuesOfTheRun() async throws {
        let database = try await database()
        let both = MigrationPlan.Entry(version: "1", name: "both", Both.self)
        _ = try await database.runner().migrate(both, arguments: ["word": "odd"])
        let plan = try await database.runner().rollbackPlan(of: both)
        #expect(plan.usesDown)
        #expect(try await database.runner().rollback(both).status == .rolledBack)
        #expect(try await database.number("SELECT count(*) FROM users WHERE name = 'odd' AND slug IS NULL") == 100)
        // What was rolled back is run as something new.
        let report = try await database.runner().migrate(both, arguments: ["word": "even"])
        #expect(report?.status == .succeeded)
        #expect(try await slugs(database) == [["even"]])
    }

    @Test func oneRecordedByHandHasNoValuesToGoBackWith() async throws {
        let database = try await database()
        let both = MigrationPlan.Entry(version: "1", name: "both", Both.self)
        try await Ledger(connection: database.connection).prepare()
        try await database.execute("INSERT INTO data_migrations (version, name) VALUES ('1', 'both')")
        let error = await #expect(throws: MigrationError.self) { try await database.runner().rollback(both) }
        #expect(error?.description.contains("no run has recorded one") == true)
        #expect(try await database.number("SELECT count(*) FROM data_migration_runs") == 0)
    }

    struct Grown: RowMigration {
        @Parameter var most: Int64
        @Parameter var mark = "done"
        @Parameter(default: Date.now) var moment: Date
        @Parameter var suffix = "!"
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
        var rows: Query<User> { User.where("id <= \(most) AND slug IS NULL") }
        func transform(_ user: inout User) { user.slug = mark + suffix }
    }

    @Test func aParameterThatIsNewGetsItsValueWhenTheRunGoesOn() async throws {
        let database = try await database()
        try await stopped(database)
        let grown = MigrationPlan.Entry(version: Self.version, name: "mark", Grown.self)
        let report = try await database.runner().migrate(grown, arguments: ["suffix": "?"])
        #expect(report?.status == .succeeded)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug = 'first?'") == 30)
        let stored = try await database.texts("SELECT arguments FROM data_migration_runs")[0][0] ?? ""
        #expect(BoundArguments(json: stored)?.parameters["suffix"] == .text("?"))
        #expect(BoundArguments(json: stored)?.parameters["most"] == .integer(50))
    }

    @Test func twoRunsAtTheSameMomentHaveTheirOwnValues() async throws {
        let (one, other) = (try await database(), try await database())
        async let first = one.runner().migrate(migration, arguments: ["most": "40", "mark": "one"])
        async let second = other.runner().migrate(migration, arguments: ["most": "70", "mark": "other"])
        #expect(try await [first?.status, second?.status] == [.succeeded, .succeeded])
        #expect(try await one.number("SELECT count(*) FROM users WHERE slug LIKE 'one %'") == 40)
        #expect(try await other.number("SELECT count(*) FROM users WHERE slug LIKE 'other %'") == 70)
    }

    @Test func aDescriptionNeedsNoValuesAndReadsThoseOfTheRun() async throws {
        let database = try await database()
        let tables = try await database.texts("SELECT name FROM sqlite_master")
        let before = try await database.runner().describe(migration)
        #expect(before.kind == .rows)
        #expect(before.source == "users")
        #expect(before.options == nil)
        #expect(before.arguments.map(\.value) == [nil, nil, nil])
        #expect(before.arguments.map(\.defaultText).prefix(2) == [nil, "done"])
        #expect(try await database.texts("SELECT name FROM sqlite_master") == tables)
        _ = try await database.runner().migrate(migration, arguments: ["most": "10"])
        let after = try await database.runner().describe(migration)
        #expect(after.arguments.map(\.value).prefix(2) == ["10", "done"])
        #expect(after.options?.batchSize == .fixed(10))
        #expect(after.status.state == .succeeded)
    }
}
