import Database

/// The tables in which schema migrations are recorded.
///
/// `schema_migrations` is the one that other tools have, too: a row for each version. What only azu knows stands beside
/// it, so a table that such a tool has made is used as it is.
struct SchemaLedger: Sendable {
    /// The column in which versions are kept.
    enum VersionColumn: Sendable {
        case text, number
    }

    let connection: any DatabaseConnection
    /// How long a lease lasts that begins now.
    var leaseTime = Duration.seconds(60)

    /// Creates what is missing.
    ///
    /// - Throws: ``SchemaMigrationError`` if there is a table of another kind, or ``/Database/DatabaseError``.
    func prepare() async throws {
        _ = try await versionColumn()
        var isComplete = true
        for table in ["schema_migrations", "schema_migration_details", "schema_migration_lease"] where isComplete {
            isComplete = try await connection.schema(of: table) != nil
        }
        if isComplete, try await !connection.query("SELECT 1 FROM schema_migration_lease").isEmpty { return }
        let lock = connection.dialect.exclusion("schema_migrations")
        let statements: [SQL] =
            (lock.map { [$0] } ?? []) + [
                "CREATE TABLE IF NOT EXISTS schema_migrations (version VARCHAR(255) NOT NULL PRIMARY KEY)",
                detailsTable, leaseTable,
                """
                INSERT INTO schema_migration_lease (id, epoch, lease_until)
                SELECT 1, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM schema_migration_lease)
                """,
            ]
        do {
            try await connection.run([.begin] + statements.map { .query($0) } + [.commit])
        } catch {
            _ = try? await connection.run([.rollback])
            throw error
        }
    }

    /// How versions are kept; `nil` where there is no table yet.
    ///
    /// - Throws: ``SchemaMigrationError`` if the table is one that azu can't use.
    func versionColumn() async throws -> VersionColumn? {
        guard let table = try await connection.schema(of: "schema_migrations") else { return nil }
        guard let column = table.column("version"), table.column("dirty") == nil else {
            throw SchemaMigrationError(
                .table,
                "the table schema_migrations is another tool's, which keeps something else in it than a row for each "
                    + "version; rename it, then azu db:migrate makes its own"
            )
        }
        let isNumber = ["int", "numeric", "decimal"].contains { column.type.lowercased().contains($0) }
        return isNumber ? .number : .text
    }

    /// A version as the table keeps it.
    func value(_ version: String, in column: VersionColumn?) -> SQL {
        if column == .number, let number = Int64(version) { return "\(number)" }
        return "\(version)"
    }

    /// The database's clock, in milliseconds since 1970.
    var now: SQL { SQL(raw: connection.dialect.currentMilliseconds) }
}
