import Testing

@testable import DataMigrations

@Suite struct RunSettingsTests {
    private func settings(_ assignments: String...) throws -> RunSettings {
        var settings = RunSettings()
        for assignment in assignments { try settings.set(assignment) }
        return settings
    }

    @Test func eachIsRead() throws {
        let all = try settings("batch-size=500", "workers=2", "rows-per-second=0.5")
        #expect(all.batchSize == 500)
        #expect(all.workers == 2)
        #expect(all.rowsPerSecond == 0.5)
        #expect(try settings("batch-size=1", "batch-size=7").batchSize == 7)
    }

    @Test func autoPutsOneBack() throws {
        var all = try settings("batch-size=500", "workers=2", "rows-per-second=1e3")
        for name in ["batch-size", "workers", "rows-per-second"] { try all.set(name + "=auto") }
        #expect(all == RunSettings())
    }

    @Test(arguments: [
        "", "=", "batch-size", "batch-size=", "=5", "batch-size=0", "batch-size=1000001", "batch-size=1.5",
        "batch-size=-1", "batch-size=many", "batch-size=1=2", "workers=0", "workers=65", "workers=x",
        "rows-per-second=0", "rows-per-second=-5", "rows-per-second=nan", "rows-per-second=inf", "rows-per-second=1e13",
        "rows-per-second=x", "batch_size=5", "colour=red", "Workers=2",
    ])
    func whatIsNoSettingIsRefusedAndChangesNothing(_ assignment: String) throws {
        var all = try settings("batch-size=500", "workers=2", "rows-per-second=10")
        let before = all
        let error = #expect(throws: MigrationError.self) { try all.set(assignment) }
        #expect(error?.code == .state)
        #expect(error?.description.contains("batch-size=1...1000000") == true)
        #expect(all == before)
    }

    @Test func theLedgerGivesBackWhatItWasGiven() throws {
        let all = try settings("batch-size=500", "workers=2", "rows-per-second=0.25")
        #expect(RunSettings(json: all.json) == all)
        #expect(try RunSettings(json: settings("workers=3").json) == settings("workers=3"))
        #expect(RunSettings().json == "{}")
        for json in [nil, "", "{}", "[]", "{\"workers\":\"two\"}"] { #expect(RunSettings(json: json) == RunSettings()) }
    }
}
