import DataMigrations
import DataMigrationsTesting
import Foundation
import ShopSchema

extension TestDatabase {
    /// A database with the shop's tables.
    static func shop(root: URL? = nil) async throws -> TestDatabase {
        try await TestDatabase(schema: .statements(ShopSchema.statements), root: root)
    }

    /// What a query finds, in text: a line for each row.
    func lines(_ sql: SQL) async throws -> [String] {
        try await query(sql).map { row in row.values.map { $0.text ?? "NULL" }.joined(separator: " | ") }
    }
}
