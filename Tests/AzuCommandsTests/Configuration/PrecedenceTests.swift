import ArgumentParser
import Configuration
import DataMigrations
import Foundation
import Testing

@testable import AzuCommands

@Suite struct PrecedenceTests {
    /// The places, the strongest first, each with a number of workers of its own.
    private enum Place: Int, CaseIterable {
        case flag = 1
        case process, ownFile, file, json

        static let usual: [Place] = [.flag, .process, .ownFile, .file, .json]
        /// With `--env`, its file goes before the environment.
        static let named: [Place] = [.flag, .ownFile, .process, .file, .json]

        var origin: String {
            switch self {
            case .flag: "--workers"
            case .process: "AZU_WORKERS"
            case .ownFile: "AZU_WORKERS in .env.staging"
            case .file: "AZU_WORKERS in .env"
            case .json: "workers in azu.json"
            }
        }
    }

    /// A folder, variables and flags that say it in some places.
    private func settings(_ places: Set<Place>, _ folder: SettingsFolder, env: String?) throws -> Settings {
        var process = env == nil ? ["AZU_ENV": "staging"] : [:]
        if places.contains(.process) { process["AZU_WORKERS"] = "\(Place.process.rawValue)" }
        let files: [(Place, String, String)] = [
            (.ownFile, ".env.staging", "AZU_WORKERS=\(Place.ownFile.rawValue)\n"),
            (.file, ".env", "AZU_WORKERS='\(Place.file.rawValue)' # usually\n"),
            (.json, "azu.json", "{\"workers\": \(Place.json.rawValue)}"),
        ]
        for (place, name, text) in files {
            let without = name == "azu.json" ? "{}" : "\n"
            try folder.write(places.contains(place) ? text : without, to: name)
        }
        let flags = try RunOptions.parse(places.contains(.flag) ? ["--workers", "\(Place.flag.rawValue)"] : []).flags
        return try folder.settings(env: env, process: process, flags: flags)
    }

    @Test(arguments: [nil, "staging"]) func inEverySubsetOfPlacesTheStrongestOneHolds(_ env: String?) throws {
        let folder = try SettingsFolder()
        let order = env == nil ? Place.usual : Place.named
        for subset in 0..<(1 << order.count) {
            let places = Set(order.indices.filter { subset & (1 << $0) != 0 }.map { order[$0] })
            let settings = try settings(places, folder, env: env)
            let strongest = order.first { places.contains($0) }
            #expect(try settings.workers == strongest?.rawValue ?? 1, "\(places)")
            let origin = try settings.find(.workers).map { $0.source.name(of: .workers) }
            #expect(origin == strongest?.origin, "\(places)")
        }
    }

    /// A value for each setting, as variables have it.
    private static let examples = [
        "databaseURL": "sqlite:shop.sqlite", "workers": "4", "maxRowsPerSecond": "0.5", "window": "22:00-04:30",
        "runTime": "2h", "pauseFile": "tmp/pause", "throttle": "lag=5, wal=50", "throttleQuery": "SELECT 0.5",
        "retryFor": "10m", "verbose": "1", "yes": "yes", "allowChangedSource": "true", "metricsFile": "azu.prom",
        "hook": "notify team", "hookTimeout": "10s", "webhookURL": "https://hooks.example/secret",
    ]

    @Test func everySettingIsFoundUnderItsVariable() throws {
        let folder = try SettingsFolder()
        for setting in Setting.all {
            let example = try #require(Self.examples[setting.name], "an example of \(setting.name)")
            let found = try folder.settings(process: [setting.variable: example]).find(setting)
            #expect(found?.source.name(of: setting) == setting.variable)
        }
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
        #expect(Set(Setting.all.map(\.variable)).count == Setting.all.count)
    }

    @Test func everyFlagThatIsASettingIsPassedOn() throws {
        let arguments = [
            "--workers", "4", "--max-rows-per-second", "0.5", "--window", "22:00-04:30", "--run-time", "2h",
            "--pause-file", "tmp/pause", "--throttle", "off", "--throttle", "wal=50", "--throttle-query", "SELECT 0.5",
            "--retry-for", "10m", "--verbose", "--yes", "--allow-changed-source", "--metrics-file", "azu.prom",
        ]
        let flags = try RunOptions.parse(arguments).flags
        #expect(Set(flags.map(\.0.name)) == Set(Setting.all.filter { $0.flag != nil }.map(\.name)))
        for (setting, content) in flags { #expect(setting.accepts(content), "\(setting.name)") }
        let settings = try SettingsFolder().settings(flags: flags)
        #expect(try settings.texts(.throttle) == ["off", "wal=50.0"])
        #expect(try settings.limits().signals.map(\.name) == ["wal", "query"])
        #expect(try RunOptions.parse([]).flags.isEmpty)
    }

    @Test func limitsOfFilesHold() throws {
        let json = """
            {"$schema": "x", "throttle": ["off", "vacuum=5"], "maxRowsPerSecond": 100, "window": "01:00-05:00", \
            "pauseFile": "tmp/pause", "retryFor": "0s", "verbose": null}
            """
        let folder = try SettingsFolder(["azu.json": json, ".env": "AZU_RUN_TIME=90s\n"])
        let settings = try folder.settings()
        let limits = try settings.limits()
        #expect(limits.signals.map(\.name) == ["vacuum"])
        #expect(limits.rowsPerSecond == 100)
        #expect(limits.window?.description == "01:00-05:00")
        #expect(limits.runTime == .seconds(90))
        #expect(limits.pauseFile?.path(percentEncoded: false) == folder.url.path(percentEncoded: false) + "tmp/pause")
        #expect(limits.retry.limit == .zero)
        #expect(try !settings.isOn(.verbose))
        // A flag takes the place of the whole list.
        let flags = try LimitOptions.parse(["--throttle", "lag=3"]).flags
        #expect(try folder.settings(flags: flags).texts(.throttle) == ["lag=3.0"])
    }

    @Test func whatIsSetToNothingHidesWhatStandsBehindIt() throws {
        let folder = try SettingsFolder([
            ".env": "AZU_WINDOW=\nDATABASE_URL=sqlite:a.sqlite\n", "azu.json": "{\"window\": \"01:00-05:00\"}",
        ])
        #expect(try folder.settings().limits().window == nil)
        #expect(try folder.settings(process: ["AZU_WINDOW": "02:00-03:00"]).limits().window != nil)
        let emptied = try folder.settings(process: ["DATABASE_URL": ""])
        #expect(failure { _ = try emptied.databaseURL() }?.contains("DATABASE_URL is not set") == true)
    }

    @Test func theEnvironmentsNameIsThatOfTheStrongestPlace() throws {
        let folder = try SettingsFolder([".env": "AZU_ENV=staging\n"])
        #expect(try SettingsFolder().settings().environment == "development")
        #expect(try folder.settings().environment == "staging")
        #expect(try folder.settings(process: ["AZU_ENV": "production"]).isProduction)
        #expect(try folder.settings(env: "test", process: ["AZU_ENV": "production"]).environment == "test")
    }
}
