import Database
import SQLFiles

/// A migration as the database knows it.
struct AppliedMigration: Sendable {
    var version: String
    /// Nothing but the version is known of one that another tool has recorded.
    var details: Details?

    /// A row of `schema_migration_details`.
    struct Details: Sendable {
        var name: String
        var sha256: String
        var appliedAt: String
        var appliedBy: String
        var milliseconds: Int
        /// What takes it back, as the file said when it was applied.
        var down: String?
        var isDownTransactional: Bool
    }
}

/// `schema_migrations`, a row for each version that is applied, and `schema_migration_details`, what azu knows of it.
extension SchemaLedger {
    var detailsTable: SQL {
        """
        CREATE TABLE IF NOT EXISTS schema_migration_details (version VARCHAR(255) NOT NULL PRIMARY KEY, \
        name VARCHAR(255) NOT NULL, sha256 VARCHAR(64) NOT NULL, \
        applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, applied_by VARCHAR(255) NOT NULL, \
        duration_ms BIGINT NOT NULL, down_sql TEXT, down_in_transaction INTEGER NOT NULL DEFAULT 1)
        """
    }

    /// What is applied, in the order of the versions.
    func applied() async throws -> [AppliedMigration] {
        guard try await versionColumn() != nil else { return [] }
        var details: [String: AppliedMigration.Details] = [:]
        if try await connection.schema(of: "schema_migration_details") != nil {
            for row in try await connection.query("SELECT * FROM schema_migration_details") {
                details[row["version"].text ?? ""] = AppliedMigration.Details(row)
            }
        }
        let rows = try await connection.query("SELECT version FROM schema_migrations")
        return rows.compactMap { row in
            row[0].text.map { AppliedMigration(version: $0, details: details[$0]) }
        }.sorted { VersionOrder.isOlder($0.version, than: $1.version) }
    }

    /// Whether a version is applied.
    func isApplied(_ version: String, _ column: VersionColumn?) async throws -> Bool {
        let value = value(version, in: column)
        return try await !connection.query("SELECT 1 FROM schema_migrations WHERE version = \(value)").isEmpty
    }

    /// Records a migration as applied.
    func record(
        _ migration: SchemaMigration,
        _ column: VersionColumn?,
        by actor: String,
        took duration: Duration
    ) -> [Statement] {
        let milliseconds = Int(duration / .milliseconds(1))
        let isTransactional = migration.down?.isTransactional ?? true
        return [
            .execute(
                "INSERT INTO schema_migrations (version) VALUES (\(value(migration.version, in: column)))",
                expectedChanges: 1
            ),
            // Another tool may have taken the version back, and left these behind.
            .execute("DELETE FROM schema_migration_details WHERE version = \(migration.version)"),
            .execute(
                """
                INSERT INTO schema_migration_details
                (version, name, sha256, applied_by, duration_ms, down_sql, down_in_transaction)
                VALUES (\(migration.version), \(migration.name), \(migration.sha256), \(actor), \(milliseconds),
                \(migration.down?.text), \(isTransactional ? 1 : 0))
                """
            ),
        ]
    }

    /// Records a migration as taken back.
    func forget(_ version: String, _ column: VersionColumn?) -> [Statement] {
        [
            .execute(
                "DELETE FROM schema_migrations WHERE version = \(value(version, in: column))",
                expectedChanges: 1
            ),
            .execute("DELETE FROM schema_migration_details WHERE version = \(version)"),
        ]
    }
}

extension AppliedMigration.Details {
    init(_ row: Row) {
        name = row["name"].text ?? ""
        sha256 = row["sha256"].text ?? ""
        appliedAt = row["applied_at"].text ?? ""
        appliedBy = row["applied_by"].text ?? ""
        milliseconds = Int(row["duration_ms"].integer ?? 0)
        down = row["down_sql"].text
        isDownTransactional = row["down_in_transaction"].integer != 0
    }

    /// What takes the migration back, as it was recorded; `nil` if there is no way back.
    func script(of version: String) throws(SQLFileError) -> SchemaScript? {
        guard let down else { return nil }
        let file = try SQLFile(down, name: "the recorded down of \(version) \(name)")
        return try SchemaScript(file.all, of: file, isTransactional: isDownTransactional)
    }
}
