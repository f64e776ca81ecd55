import Foundation
import MigrationNaming
import Testing

@testable import AzuCommands

@Suite struct DataMigrationGeneratorTests {
    /// It is 2024-01-01 12:00:00 in UTC.
    private let noon = Date(timeIntervalSince1970: 1_704_110_400)

    private func files(_ name: String, existing: [String] = []) throws -> [GeneratedFile] {
        try DataMigrationGenerator(name: name, date: noon, existing: existing).files
    }

    @Test(
        "every spelling of a name makes the same files",
        arguments: ["backfill_user_slugs", "BackfillUserSlugs", "backfillUserSlugs", "backfill-user-slugs"]
    )
    func spelling(name: String) throws {
        let files = try files(name)
        #expect(
            files.map(\.path) == [
                "db/data_migrations/20240101120000_data_backfill_user_slugs.swift",
                "Tests/MigrationsTests/BackfillUserSlugsTests.swift",
            ]
        )
        #expect(files == (try self.files("backfill_user_slugs")))
    }

    @Test("the header says what, when, and how to run it")
    func header() throws {
        let source = try files("backfill_user_slugs")[0].contents
        #expect(
            source.hasPrefix(
                """
                // Backfill user slugs
                //
                // Purpose: fills the column slug of the table users where it is NULL
                // Created: 2024-01-01
                // Run:     azu db:data:run backfill_user_slugs
                // Test:    swift test --filter BackfillUserSlugsTests

                import DataMigrations

                struct BackfillUserSlugs: RowMigration {
                """
            )
        )
    }

    @Test(
        "the name picks the template, and each one names the table that it guessed",
        arguments: [
            ("backfill_user_slugs", "BackfillUserSlugs: RowMigration", ["users"]),
            ("migrate_posts_to_articles", "MigratePostsToArticles: BatchMigration", ["posts", "articles"]),
            ("import_legacy_users", "ImportLegacyUsers: BatchMigration", ["users"]),
            ("import_users_from_csv", "ImportUsersFromCsv: BatchMigration", ["users"]),
            ("normalize_email_addresses", "NormalizeEmailAddresses: RowMigration", ["users"]),
            ("archive_old_orders", "ArchiveOldOrders: BatchMigration", ["orders", "archived_orders"]),
            ("seed_default_roles", "SeedDefaultRoles: DataMigration", ["roles"]),
            ("migrate_user_roles", "MigrateUserRoles: DataMigration", ["users"]),
            ("migrate_to_uuids", "MigrateToUuids: DataMigration", ["tos"]),
            ("recalculate_order_totals", "RecalculateOrderTotals: DataMigration", ["orders"]),
            ("cleanup", "Cleanup: DataMigration", ["records"]),
            ("backfill", "Backfill: DataMigration", ["records"]),
        ]
    )
    func template(name: String, declaration: String, tables: [String]) throws {
        let files = try files(name)
        #expect(files[0].contents.contains("\nstruct \(declaration) {\n"))
        for table in tables {
            #expect(files[0].contents.contains("static let table = \"\(table)\""))
            #expect(files[1].contents.contains("INTO \(table) ") || files[1].contents.contains("FROM \(table)"))
        }
    }

    @Test("each test is a suite that runs the migration")
    func test() throws {
        for name in ["backfill_a_b", "migrate_a_to_b", "import_a", "normalize_a_b", "archive_a", "seed_a", "other_a"] {
            let generator = try DataMigrationGenerator(name: name, date: noon)
            let test = generator.files[1].contents
            let type = generator.file.typeName
            #expect(test.contains("\n@testable import Migrations\n\n@Suite struct \(type)Tests {\n    @Test func "))
            #expect(test.contains("database.run(\(type).self)"))
            #expect(test.contains("    @Test func keepsItsPromises() async throws {\n"))
            #expect(test.contains("\n        try await database.expectResumable(\(type).self)\n"))
            #expect(test.hasSuffix("    }\n}\n"))
        }
    }

    @Test("an import comes with a sample of its file")
    func sample() throws {
        let sample = try files("import_legacy_users")[2]
        #expect(sample.path == "db/data/legacy_users.csv")
        #expect(sample.isSample)
    }

    @Test("the guessed words of SQL are quoted wherever they are used")
    func reserved() throws {
        for file in try files("backfill_group_orders") {
            #expect(file.contents.contains(#"\(identifier: "order")"#))
        }
    }

    @Test("no two migrations get the same version, and a migration that is there keeps its own")
    func versions() throws {
        let other = "db/data_migrations/20240101120000_data_other.swift"
        let next = try files("backfill_user_slugs", existing: [other])
        #expect(next[0].path == "db/data_migrations/20240101120001_data_backfill_user_slugs.swift")
        let old = "db/data_migrations/20230101120000_data_backfill_user_slugs.swift"
        #expect(try files("BackfillUserSlugs", existing: [other, old])[0].path == old)
    }

    @Test(
        "what can't be a name is refused in one line",
        arguments: ["", "9lives", "a b!", "föö", "a__b", "_a", "a_", "batch", "Migrations", "../a"]
    )
    func badNames(name: String) {
        let error = #expect(throws: GeneratorError.self) { try DataMigrationGenerator.normalized(name) }
        #expect(error?.description.hasPrefix("'\(name)' is no name for a migration: ") == true)
        #expect(error?.description.contains("\n") == false)
    }
}
