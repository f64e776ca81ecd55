import DataMigrations
import Foundation
import Testing

@testable import AzuCommands

@Suite struct SQLMigrationGeneratorTests {
    /// It is 2024-01-01 12:00:00 in UTC.
    private let noon = Date(timeIntervalSince1970: 1_704_110_400)

    private func generator(_ name: String, existing: [String] = []) throws -> SQLMigrationGenerator {
        try SQLMigrationGenerator(name: name, date: noon, existing: existing)
    }

    @Test(
        "the name picks the template, which azu can read as it is",
        arguments: [
            ("backfill_user_slugs", ["-- azu:table users", "-- azu:where slug IS NULL", "UPDATE users\nSET slug = "]),
            ("normalize_email_addresses", ["-- azu:table users", "SET email = lower(trim(email))"]),
            (
                "archive_old_orders",
                [
                    "-- azu:table orders", "-- azu:param cutoff date = 2022-01-01 ", "created_at < {cutoff}",
                    "DELETE FROM orders WHERE {range};",
                ]
            ),
            (
                "migrate_posts_to_articles",
                ["-- azu:table posts", "{row}.id)", "INTO articles (legacy_post_id, name)"]
            ),
            ("seed_default_roles", ["INSERT INTO roles (name)"]),
            ("recalculate_order_totals", ["-- azu:table orders", "SET total = total"]),
            ("migrate_user_roles", ["-- azu:table users", "SET role = role"]),
            ("backfill_group_orders", ["-- azu:table groups", "\"order\" IS NULL"]),
            ("cleanup", ["-- azu:table records"]),
        ]
    )
    func templates(name: String, parts: [String]) throws {
        let generator = try generator(name)
        let file = try #require(generator.files.first)
        #expect(generator.files.count == 1)
        #expect(file.path == "db/data_migrations/20240101120000_data_\(name).sql")
        for part in parts { #expect(file.contents.contains(part), "\(file.contents)") }
        let entry = try SQLFileMigration.entry(path: file.path, text: file.contents)
        #expect(entry.name == name)
        #expect(file.contents.hasSuffix(";\n"))
        #expect(!file.contents.split(separator: "\n").contains { $0.count > 120 })
    }

    @Test("an archive takes the day before which rows are old enough, and has one by itself")
    func archive() throws {
        let file = try #require(try generator("archive_old_orders").files.first)
        let entry = try SQLFileMigration.entry(path: file.path, text: file.contents)
        let parameter = try #require(entry.parameters.first)
        #expect(entry.parameters.count == 1)
        #expect(parameter.name == "cutoff")
        #expect(parameter.type == .date)
        #expect(parameter.defaultValue.map(parameter.type.text) == "2022-01-01")
        #expect(!parameter.isRequired)
    }

    @Test("what SQL can't do is refused in one line")
    func imports() {
        let error = #expect(throws: GeneratorError.self) { try generator("import_legacy_users") }
        #expect(error?.description.hasPrefix("import_legacy_users would read a file, which SQL can't") == true)
    }

    @Test("a name belongs to one language")
    func languages() throws {
        let sql = "db/data_migrations/20230101120000_data_cleanup.sql"
        #expect(try generator("cleanup", existing: [sql]).path == sql)
        let swift = "db/data_migrations/20230101120000_data_cleanup.swift"
        let error = #expect(throws: GeneratorError.self) { try generator("cleanup", existing: [swift]) }
        #expect(error?.description == "\(swift) exists already; choose another name")
        #expect(throws: GeneratorError.self) {
            try DataMigrationGenerator(name: "cleanup", date: noon, existing: [sql])
        }
    }
}
