import Foundation
import Testing

@testable import AzuCommands

@Suite struct SecrecyTests {
    static let urls: [(text: String, shown: String)] = [
        ("postgresql://shop:s3cret@db.example:5432/shop?sslmode=require", "postgresql://db.example:5432/shop"),
        ("postgresql://shop@db.example/shop?password=s3cret", "postgresql://db.example/shop"),
        ("postgresql://shop:s3cr?t@db.example/shop", "postgresql://db.example/shop"),
        ("POSTGRES://shop:s3@cret@db.example/shop", "postgres://db.example/shop"),
        ("host=db.example user=shop password=s3cret dbname=shop", "host=db.example dbname=shop"),
        ("sqlite:db/shop.sqlite", "sqlite:db/shop.sqlite"), ("sqlite::memory:", "sqlite::memory:"), ("s3cret", "***"),
    ]

    @Test(arguments: urls.indices) func aDatabaseURLIsShownWithoutAPassword(_ index: Int) {
        let (text, shown) = Self.urls[index]
        #expect(Secrecy.login.shown(text) == shown)
    }

    @Test func ofAWebhookOnlyTheHostIsShown() {
        #expect(Secrecy.path.shown("https://hooks.example/T1/s3cret?x=s3cret") == "https://hooks.example/***")
        #expect(Secrecy.path.shown("https://me:s3cret@hooks.example:8443/x") == "https://hooks.example:8443/***")
        #expect(Secrecy.path.shown("s3cret") == "***")
    }

    @Test func ofACommandOnlyTheFirstWordIsShown() {
        #expect(Secrecy.arguments.shown("/usr/bin/notify") == "/usr/bin/notify")
        #expect(Secrecy.arguments.shown("curl -H 'Authorization: s3cret' x") == "curl ***")
        #expect(Secrecy.arguments.shown("TOKEN=s3cret notify") == "***")
    }

    @Test func noRecordOfAzuConfigHoldsASecret() throws {
        let process = [
            "DATABASE_URL": "postgresql://shop:s3cret@db.example/shop?sslpassword=s3cret",
            "AZU_WEBHOOK_URL": "https://hooks.example/s3cret", "AZU_HOOK": "notify --token s3cret",
            "AZU_WORKERS": "s3cret", "AZU_API_TOKEN": "s3cret",
        ]
        let folder = try SettingsFolder([".env": "AZU_PASSWORD=s3cret\n"])
        let settings = try folder.settings(process: process)
        let records = SettingRecord.all(settings)
        let text = records.map { [$0.text, $0.error, $0.source].compactMap { $0 }.joined(separator: " ") }
        let json = String(decoding: try JSONEncoder().encode(records), as: UTF8.self)
        #expect(!(text.joined() + json + settings.unknown.joined()).contains("s3cret"))
        #expect(json.contains("db.example"))
        #expect(records.first { $0.setting == "workers" }?.error == "AZU_WORKERS: it takes a whole number from 1 to 64")
    }
}
