import Database
import Testing

@testable import PostgresDriver

/// libpq gets what was meant for it, and azu what is its own.
@Suite struct SettingsTests {
    @Test func aListKeepsItsValuesAsTheyWereQuoted() throws {
        let settings = try ConnectionSettings(
            #"host = 'db.example' password='two  blanks, it\'s' schema = 'my shop' application_name='a schema=b' pooled=yes"#
        )
        let expected = ["host": "db.example", "password": "two  blanks, it's", "application_name": "a schema=b"]
        #expect(settings.parameters == expected)
        #expect(settings.schema == "my shop")
        #expect(settings.isPooled)
    }

    @Test(arguments: ["\t", "\n", "  ", " \r\n"]) func anyBlankSeparatesTheEntriesOfAList(blank: String) throws {
        let settings = try ConnectionSettings("host=db.example\(blank)schema=shop\(blank)dbname=shop")
        #expect(settings.parameters == ["host": "db.example", "dbname": "shop"])
        #expect(settings.schema == "shop")
    }

    @Test func aListMayHoldAURL() throws {
        let settings = try ConnectionSettings("host=db.example password=http://x?schema=y lock_timeout=1s")
        #expect(settings.parameters == ["host": "db.example", "password": "http://x?schema=y"])
        #expect(settings.schema == nil)
        #expect(settings.lockTimeout == "1s")
    }

    @Test func aQuestionMarkInAPasswordIsPartOfIt() throws {
        let settings = try ConnectionSettings(
            "postgresql://shop:a?schema=b&c@db.example/shop?schema=Shop%20Gr%C3%B6%C3%9Fe"
        )
        let expected = ["user": "shop", "password": "a?schema=b&c", "host": "db.example", "dbname": "shop"]
        #expect(settings.parameters == expected)
        #expect(settings.schema == "Shop Größe")
    }

    @Test(arguments: [
        "postgresql://shop:a/S3cr3t@db.example/shop", "postgresql://shop:a@S3cr3t@db.example/shop",
        "postgresql://shop:S3cr3t/a@db.example/shop", "postgresql://shop:S3cr3t%@db.example/shop",
        "host=db.example password='S3cr3t", "host=db.example S3cr3t",
        "postgresql:///shop?\u{301}S3cr3t=a", "\u{301}S3cr3t=a",
    ])
    func aPasswordThatCannotBeReadIsNotShown(text: String) throws {
        let error = #expect(throws: DatabaseError.self) { try ConnectionSettings(text) }
        let shown = try #require(error)
        #expect(!String(reflecting: shown).contains("S3cr3t"))
        #expect(shown.code == .cannotOpen)
    }

    @Test(arguments: ["postgresql://a,b:5432,5433/shop", "host=/tmp port=5432", "host=@/run/socket", "host=::1"])
    func hostsAndPortsAreTakenAsTheyAre(text: String) throws {
        #expect(try !ConnectionSettings(text).parameters.isEmpty)
    }
}
