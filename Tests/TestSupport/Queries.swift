import DataMigrations
package import Database

extension DatabaseAccess {
    /// The number that a query counts.
    package func number(_ sql: SQL) async throws -> Int { Int(try await query(sql).first?[0].integer ?? -1) }

    /// The rows of a query, as text.
    package func texts(_ sql: SQL) async throws -> [[String?]] { try await query(sql).map { $0.values.map(\.text) } }
}

extension DatabaseConnection {
    /// Whether it is SQLite.
    package var isSQLite: Bool { dialect.name == "SQLite" }
}
