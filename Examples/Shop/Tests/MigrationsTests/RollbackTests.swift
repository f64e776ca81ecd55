import DataMigrations
import DataMigrationsTesting
import Foundation
import Testing

@testable import Migrations
@testable import shop_seed

@Suite struct RollbackTests {
    @Test func theFiveMigrationsAreTakenBackToTheByte() async throws {
        let database = try await TestDatabase.shop()
        let root = try await seed(database)
        defer { try? FileManager.default.removeItem(at: root) }
        let migrations: [any DataMigration] = [
            NormalizeEmailAddresses(), ImportLegacyUsers(), BackfillUserSlugs(), MigratePostsToArticles(),
            ArchiveOldOrders(),
        ]
        var states = [try await contents(of: database)]
        for migration in migrations {
            let report = try await database.run(migration, root: root)
            #expect(report.counters.written > 0, "\(report.name)")
            states.append(try await contents(of: database))
        }

        for (migration, before) in zip(migrations, states).reversed() {
            let report = try await database.rollback(migration, root: root)
            #expect(report.status == .rolledBack, "\(report.name)")
            #expect(report.conflicts == 0, "\(report.name)")
            let after = try await contents(of: database)
            for table in before.keys.sorted() {
                let isSame = after[table] == before[table]
                #expect(isSame, "\(report.name) leaves other rows in \(table)")
            }
        }
        #expect(try await database.lines("SELECT name FROM data_migrations").isEmpty)
        #expect(try await database.lines("SELECT 1 FROM data_migration_quarantine WHERE status = 'open'").isEmpty)
    }

    /// Fills the tables as years of use leave them.
    ///
    /// - Returns: a folder that stands in for the project's, with the export of the old shop.
    private func seed(_ database: TestDatabase) async throws -> URL {
        try await Users(count: 1_500).insert(into: database.connection)
        try await Posts(count: 300, users: 1_500).insert(into: database.connection)
        try await Orders(count: 700, users: 1_500).insert(into: database.connection)
        let root = FileManager.default.temporaryDirectory.appending(path: "shop-\(UUID().uuidString)")
        let folder = root.appending(path: "db/data")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try LegacyUsers(count: 1_000).write(to: folder.appending(path: "legacy_users.csv"))
        return root
    }

    /// The rows of each of the shop's tables, as bytes: to Swift, two spellings of a letter are the same.
    private func contents(of database: TestDatabase) async throws -> [String: [String]] {
        let tables = try await database.lines(
            """
            SELECT name FROM sqlite_master
            WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'data_migration%'
            """
        )
        var contents: [String: [String]] = [:]
        for table in tables {
            let columns = try await database.lines("SELECT name FROM pragma_table_info(\(table)) ORDER BY cid")
            let fields = columns.map { "quote(\(identifier: $0))" as SQL }
            let row = SQL.joined(fields, separator: " || ' ' || ")
            contents[table] = try await database.lines("SELECT hex(\(row)) FROM \(identifier: table)").sorted()
        }
        return contents
    }
}
