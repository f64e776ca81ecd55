import DataMigrations
import DataMigrationsTesting
import Testing

@Suite struct EnvironmentTests {
    struct Reset: DataMigration {
        let environments: Set<String> = ["production", "staging"]
        let tags: Set<String> = ["b", "a"]
        func up(_ migration: MigrationContext) async throws {
            try await migration.step("reset") { try await $0.execute("UPDATE users SET slug = 'x'") }
        }
    }

    private let reset = MigrationPlan.Entry(version: "1", name: "reset", Reset.self)

    private func runner(_ database: TestDatabase, _ environment: String?, allows: Bool = false) -> Runner {
        Runner(database.connection, environment: environment, allowsAnyEnvironment: allows)
    }

    @Test func aMigrationForAnotherEnvironmentIsRefusedBeforeAnythingIsWritten() async throws {
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        let error = await #expect(throws: MigrationError.self) {
            try await runner(database, "development").migrate(reset)
        }
        #expect(error?.code == .environment)
        #expect(
            error?.description
                == "reset is meant for production, staging only, and this is development; --any-environment runs it all the same"
        )
        #expect(try await database.number("SELECT count(*) FROM sqlite_master WHERE name LIKE 'data_migration%'") == 0)
    }

    @Test(arguments: [("staging", false), ("development", true), (nil, false)])
    func itRunsWhereItIsMeantForOrThatIsOfNoMatter(environment: String?, allows: Bool) async throws {
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        let report = try await runner(database, environment, allows: allows).migrate(reset)
        #expect(report?.status == .succeeded)
        #expect(try await database.number("SELECT count(*) FROM users WHERE slug = 'x'") == 3)
    }

    @Test func itsStatusSaysSoAndItIsNotExecuted() async throws {
        let database = try await TestDatabase()
        let plan = MigrationPlan([reset])
        let here = try await runner(database, "development").status(of: plan)[0]
        #expect(here.isSkipped)
        #expect(here.executedAt == nil)
        #expect(here.notes.contains("only in production, staging"))
        #expect(here.tags == ["a", "b"])
        #expect(here.environments == ["production", "staging"])
        #expect(try await !runner(database, "production").status(of: plan)[0].isSkipped)
        await #expect(throws: MigrationError.self) { try await DataMigrations.require("reset", in: database) }
    }

    @Test func whatWasRunAllTheSameIsNotSkipped() async throws {
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        _ = try await runner(database, "development", allows: true).migrate(reset)
        let status = try await runner(database, "development").status(of: MigrationPlan([reset]))[0]
        #expect(!status.isSkipped)
        #expect(status.state == .succeeded)
    }
}
