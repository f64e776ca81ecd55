import DataMigrations
import DataMigrationsTesting
import Foundation
import Testing

@testable import Migrations

@Suite struct ImportLegacyUsersTests {
    private static let export = """
        id,email,full_name,password_hash,created_at,bio,location,website,email_notifications,theme
        7,ADA@example.com ,"Lovelace, ""Countess"" Ada",$2a$1,2015-12-10 08:30:00,"mathematics,
        and engines",London,,1,dark
        8,grace@example.com,Grace Hopper,$2a$2,2015-01-01,,,https://navy.example,no,
        9,late@example.com,Impossible Date,$2a$3,2019-02-30,,,,1,dark
        10,,Missing Address,$2a$4,2019-02-01,,,,1,dark
        x11,x@example.com,No Number,$2a$5,2019-02-01,,,,1,dark
        12,Ada@Example.com,Second Ada,$2a$6,2019-02-01,,,,1,dark
        13,bob@example.com,Bob,$2a$7,2019-02-01,,,,0,light

        """

    @Test func importsGoodRecordsAndPutsBadOnesAside() async throws {
        let database = try await TestDatabase.shop(root: root(Self.export))
        defer { try? FileManager.default.removeItem(at: database.root) }

        let report = try await database.run(ImportLegacyUsers.self)

        #expect(report.status == .quarantined)
        #expect(report.openQuarantine == 4)
        let users = try await database.lines(
            "SELECT legacy_id, email, name, confirmed_at FROM users ORDER BY legacy_id"
        )
        #expect(
            users == [
                #"7 | ada@example.com | Lovelace, "Countess" Ada | 2015-12-10 08:30:00"#,
                "8 | grace@example.com | Grace Hopper | 2015-01-01 00:00:00",
                "13 | bob@example.com | Bob | 2019-02-01 00:00:00",
            ]
        )
        let details = try await database.lines(
            """
            SELECT legacy_id, bio, location, website, email_notifications, theme
            FROM users JOIN user_profiles ON user_profiles.user_id = users.id
            JOIN user_preferences ON user_preferences.user_id = users.id ORDER BY legacy_id
            """
        )
        #expect(
            details == [
                "7 | mathematics,\nand engines | London | NULL | 1 | dark",
                "8 | NULL | NULL | https://navy.example | 0 | light",
                "13 | NULL | NULL | NULL | 0 | light",
            ]
        )
    }

    @Test func skipsAccountsThatWereImportedBefore() async throws {
        let database = try await TestDatabase.shop(root: root(Self.export))
        defer { try? FileManager.default.removeItem(at: database.root) }
        try await database.execute(
            """
            INSERT INTO users (name, email, created_at, legacy_id)
            VALUES ('Ada', 'ada@new.example', '2020-01-01', 7)
            """
        )

        let report = try await database.run(ImportLegacyUsers.self)

        #expect(report.counters.skipped == 1)
        // With the first Ada skipped, nobody holds the address of the second.
        let names = try await database.lines("SELECT name FROM users ORDER BY legacy_id")
        #expect(names == ["Ada", "Grace Hopper", "Second Ada", "Bob"])
        #expect(try await UserProfile.all.count(in: database) == 3)
    }

    @Test func keepsItsPromises() async throws {
        let database = try await TestDatabase.shop(root: root(Self.export))
        defer { try? FileManager.default.removeItem(at: database.root) }

        try await database.expectIdempotent(ImportLegacyUsers.self)
        try await database.expectResumable(ImportLegacyUsers.self)
        try await database.expectReversible(ImportLegacyUsers.self)
        try await database.expectBatchSizeIndependent(ImportLegacyUsers.self)
    }

    /// A folder that stands in for the project's, with the export where the migration looks for it.
    private func root(_ export: String) throws -> URL {
        let root = FileManager.default.temporaryDirectory.appending(path: "shop-\(UUID().uuidString)")
        let folder = root.appending(path: "db/data")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(export.utf8).write(to: folder.appending(path: "legacy_users.csv"))
        return root
    }
}
