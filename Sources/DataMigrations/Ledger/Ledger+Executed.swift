import Database

/// `data_migrations`: a row for each migration that is finished.
extension Ledger {
    var executedTable: SQL {
        """
        CREATE TABLE IF NOT EXISTS data_migrations (\(key), version VARCHAR(255) NOT NULL UNIQUE, \
        name VARCHAR(255) NOT NULL, executed_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)
        """
    }

    /// The versions that are finished, with the time at which they were.
    func executed() async throws -> [String: ExecutedMigration] {
        let rows = try await read("SELECT version, name, executed_at FROM data_migrations")
        return Dictionary(
            rows.map { row in
                let version = row["version"].text ?? ""
                let executed = ExecutedMigration(
                    version: version,
                    name: row["name"].text ?? "",
                    executedAt: row["executed_at"].text ?? ""
                )
                return (version, executed)
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    func isExecuted(_ version: String) async throws -> Bool {
        try await !read("SELECT 1 FROM data_migrations WHERE version = \(version)").isEmpty
    }

    /// Records a migration as finished.
    ///
    /// Somebody may have done so by hand.
    func markExecuted(version: String, name: String) -> Statement {
        .execute(
            """
            INSERT INTO data_migrations (version, name) SELECT \(version), \(name)
            WHERE NOT EXISTS (SELECT 1 FROM data_migrations WHERE version = \(version))
            """
        )
    }

    func unmarkExecuted(version: String) -> Statement {
        .execute("DELETE FROM data_migrations WHERE version = \(version)")
    }
}

/// A row of `data_migrations`.
struct ExecutedMigration: Sendable {
    var version: String
    var name: String
    var executedAt: String
}
