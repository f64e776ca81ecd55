import DataMigrations
import Foundation
import Testing

@testable import AzuCommands

@Suite struct WebhookTests {
    private let folder = URL(filePath: "/")

    @Test func whatIsPostedIsQuotedAsCurlReadsIt() throws {
        let hook = try Webhook(
            #"https://host/a?b="c""#.replacing("\"", with: "%22"),
            folder: folder,
            environment: "test"
        )
        let lines = hook.configuration(#"{"text":"say \"hi\" \\ done"}"#).split(separator: "\n").map(String.init)
        #expect(lines.contains(#"url = "https://host/a?b=%22c%22""#))
        #expect(lines.contains(#"data-raw = "{\"text\":\"say \\\"hi\\\" \\\\ done\"}""#))
        #expect(lines.contains(#"proto = "=http,https""#))
        #expect(lines.contains("fail"))
    }

    @Test(arguments: [
        "", "host", "ftp://host/", "file:///etc/passwd", "https://", "https://host/ x", "http://h/\nurl=x",
    ])
    func whatIsNoAddressIsRefusedWithoutShowingIt(url: String) {
        let error = #expect(throws: CommandFailure.self) { try Webhook(url, folder: folder, environment: "test") }
        #expect(error?.message == "AZU_WEBHOOK_URL is not an address that begins with https:// or http://")
    }

    @Test func aRecordIsOneLineOfJSONWithoutNils() throws {
        let run = RunInfo(version: "1", name: "x", direction: .down, isResumed: true)
        let record = HookRecord(started: run, environment: "staging")
        #expect(!record.json.contains("\n"))
        let object = try JSONSerialization.jsonObject(with: Data(record.json.utf8)) as? [String: Any]
        #expect(object?["status"] as? String == "rolling_back")
        #expect(object?["resumed"] as? Bool == true)
        #expect(object?["environment"] as? String == "staging")
        #expect(object?["counters"] == nil)
        #expect(record.variables["AZU_RESUMED"] == "1")
        #expect(record.variables["AZU_ROWS"] == nil)
    }
}
