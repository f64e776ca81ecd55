import DataMigrations
import DataMigrationsTesting
import ShopSchema

extension TestDatabase {
    /// A database with the shop's tables.
    static func shop() async throws -> TestDatabase {
        let database = try await TestDatabase()
        for statement in ShopSchema.statements { try await database.execute(statement) }
        return database
    }

    /// What a query finds, in text: a line for each row.
    func lines(_ sql: SQL) async throws -> [String] {
        try await query(sql).map { row in row.values.map { $0.text ?? "NULL" }.joined(separator: " | ") }
    }
}
