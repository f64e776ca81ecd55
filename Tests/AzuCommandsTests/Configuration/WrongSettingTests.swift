import Configuration
import Foundation
import Testing

@testable import AzuCommands

@Suite struct WrongSettingTests {
    static let wrong: [(variable: String, value: String)] = [
        ("AZU_WORKERS", "many"), ("AZU_WORKERS", "0"), ("AZU_WORKERS", "65"), ("AZU_WORKERS", "1.5"),
        ("AZU_MAX_ROWS_PER_SECOND", "0"), ("AZU_MAX_ROWS_PER_SECOND", "nan"), ("AZU_WINDOW", "1-2"),
        ("AZU_RUN_TIME", "5 min"), ("AZU_RETRY_FOR", "soon"), ("AZU_THROTTLE", "lag=5,x=1"), ("AZU_VERBOSE", "perhaps"),
    ]

    @Test(arguments: wrong.indices) func aWrongValueIsOneLineThatNamesItsPlace(_ index: Int) throws {
        let (variable, value) = Self.wrong[index]
        let setting = try #require(Setting.all.first { $0.variable == variable })
        let folder = try SettingsFolder([".env": "\(variable)='\(value)'\n"])
        let message = try #require(failure { _ = try folder.settings().find(setting) })
        #expect(message == "\(variable) in .env: it takes \(setting.takes)")
        #expect(!message.contains(value) || setting.takes.contains(value))
        let process = failure { _ = try SettingsFolder().settings(process: [variable: value]).find(setting) }
        #expect(process == "\(variable): it takes \(setting.takes)")
    }

    static let files: [(text: String, message: String)] = [
        ("{\"workers\": \"4\"}", "azu.json: workers takes a whole number from 1 to 64"),
        ("{\"workers\": true}", "azu.json: workers takes a whole number from 1 to 64"),
        ("{\"workers\": {\"a\": 1}}", "azu.json: workers takes a whole number from 1 to 64"),
        ("{\"verbose\": 1}", "azu.json: verbose takes true or false"),
        ("{\"runTime\": 90}", "azu.json: runTime takes a time: 90s, 30m, 2h, 1d"),
        ("{\"throttle\": \"off\"}", "azu.json: throttle takes signals and limits"),
        ("{\"windwo\": \"01:00-05:00\"}", "azu.json: there is no setting windwo; azu config lists them"),
        ("{\"workers\": 1,,}", "azu.json is not valid JSON"), ("[1]", "azu.json is not a JSON object of settings"),
        ("", "azu.json is not valid JSON"),
    ]

    @Test(arguments: files.indices) func aWrongFileIsRefusedInOneLine(_ index: Int) throws {
        let (text, message) = Self.files[index]
        let folder = try SettingsFolder(["azu.json": text])
        let failure = try #require(failure { _ = try folder.settings() })
        #expect(failure.hasPrefix(message), "\(failure)")
    }

    @Test func aValueOutOfRangeInAzuJsonNamesTheFile() throws {
        let folder = try SettingsFolder(["azu.json": "{\"workers\": 65}"])
        let failure = failure { _ = try folder.settings().workers }
        #expect(failure == "workers in azu.json: it takes a whole number from 1 to 64")
    }

    @Test func noFileDecidesForEveryRunThatNobodyIsAsked() throws {
        let inFile = try SettingsFolder([".env": "AZU_YES=1\n"])
        let message = try #require(failure { _ = try inFile.settings().isOn(.yes) })
        #expect(message.hasPrefix("AZU_YES in .env: that is to be decided for each run; give --yes"))
        let inJSON = try SettingsFolder(["azu.json": "{\"allowChangedSource\": true}"])
        #expect(failure { _ = try inJSON.settings().isOn(.allowChangedSource) }?.contains("for each run") == true)
        #expect(try SettingsFolder().settings(process: ["AZU_YES": "1"]).isOn(.yes))
        #expect(try inFile.settings(process: ["AZU_YES": "no"]).isOn(.yes) == false)
    }

    @Test func variablesOfFilesThatAreNoSettingsAreFound() throws {
        let folder = try SettingsFolder([
            ".env": "AZU_WROKERS=4\nPGHOST=db\nAZU_ENV=test\n", ".env.test": "AZU_X=1\nAZU_WORKERS=2\n",
        ])
        #expect(try folder.settings().unknown == ["AZU_X in .env.test", "AZU_WROKERS in .env"])
    }
}
