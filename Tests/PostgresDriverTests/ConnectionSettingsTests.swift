import Database
import Testing

@testable import PostgresDriver

@Suite struct ConnectionSettingsTests {
    @Test(arguments: [
        ("500", 0.5), ("500ms", 0.5), ("45s", 45), ("45 s", 45), ("1.5s", 1.5), ("1min", 60), ("2h", 7_200),
        ("1d", 86_400), ("250us", 0.000_25), ("0", 0),
    ])
    func timesAreReadAsPostgreSQLWritesThem(text: String, seconds: Double) throws {
        let duration = try #require(ConnectionSettings.duration(text)) / .seconds(1)
        #expect(abs(duration - seconds) < 1e-9)
    }

    @Test(arguments: ["", "s", "soon", "5 weeks", "5m", "-1s", "1s 5ms", ".", "1.2.3s", "99999999999999999999999d"])
    func whatIsNoTimeIsRefused(_ text: String) { #expect(ConnectionSettings.duration(text) == nil) }

    @Test func theOwnParametersAreTakenOut() throws {
        let own = "lock_timeout=1s&statement_timeout=2min&idle_timeout=20s&answer_timeout=1.5s"
        for text in [
            "postgresql://shop@db.example/shop?sslmode=disable&\(own)",
            "host=db.example user=shop dbname=shop sslmode=disable \(own.replacing("&", with: " "))",
        ] {
            let settings = try ConnectionSettings(text)
            #expect(settings.lockTimeout == "1s")
            #expect(settings.statementTimeout == "2min")
            #expect(settings.idleTimeout == "20s")
            #expect(settings.answerTimeout == .milliseconds(1_500))
            #expect(settings.parameters["sslmode"] == "disable")
            #expect(settings.parameters.keys.allSatisfy { !$0.hasSuffix("_timeout") || $0 == "connect_timeout" })
        }
    }

    @Test func aServerMaySayNothingForAsLongAsWhatWasSentMayTake() throws {
        func patience(_ parameters: String, _ count: Int) throws -> Duration? {
            try ConnectionSettings("postgresql://db.example/shop?" + parameters).patience(forStatements: count)
        }
        #expect(try patience("", 1) == .seconds(45))
        #expect(try patience("", 0) == .seconds(45))
        #expect(try patience("statement_timeout=1min", 3) == .seconds(195))
        #expect(try patience("statement_timeout=0", 3) == nil)
        #expect(try patience("statement_timeout=0&answer_timeout=5s", 3) == .seconds(5))
        #expect(try patience("answer_timeout=0", 3) == nil)
    }

    @Test(arguments: ["lock_timeout", "statement_timeout", "idle_timeout", "answer_timeout", "pooled"])
    func aValueThatDoesNotFitIsRefusedByName(_ name: String) {
        let error = #expect(throws: DatabaseError.self) {
            try ConnectionSettings("postgresql://shop:secret@db.example/shop?\(name)=soon")
        }
        #expect(error?.code == .cannotOpen)
        #expect(error?.description.contains(name) == true)
        #expect(error?.description.contains("secret") == false)
    }
}
