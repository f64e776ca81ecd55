import DataMigrationsTesting
import SQLiteDriver
import Testing

@Suite("SQLite keeps the contract of a driver")
struct ComplianceTests {
    @Test("in a file", arguments: DriverCompliance.checks)
    func file(_ check: DriverCompliance.Check) async throws {
        let folder = try TemporaryFolder()
        try await check.run(
            DriverCompliance { try await SQLiteConnection(path: folder.path("test.sqlite"), busyTimeout: 0.1) }
        )
    }

    @Test("in memory", arguments: DriverCompliance.checks.filter { !$0.needsSharedDatabase })
    func memory(_ check: DriverCompliance.Check) async throws {
        try await check.run(DriverCompliance(isShared: false) { try await SQLiteConnection(path: nil) })
    }

    @Test func theWholeSuiteRunsInOneDatabase() async throws {
        let folder = try TemporaryFolder()
        let suite = DriverCompliance {
            try await SQLiteConnection(path: folder.path("test.sqlite"), busyTimeout: 0.1)
        }
        try await suite.run()
    }
}
