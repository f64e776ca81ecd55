import DataMigrations
import Database

/// The rows of all tables of a schema, copied to tables of another one, and the states of its sequences.
///
/// What a migration makes of tables itself can't be put back, but for tables that it made.
struct PostgresSnapshot: Snapshot {
    /// A table.
    private struct Table: Sendable {
        var name: String
        /// Whether it has partitions, whose rows are read with it.
        var isPartitioned: Bool
        /// The columns that can be written, in their order.
        var columns: [String]
        /// All columns and their types.
        var shape: String

        /// Whether no row was there.
        var isEmpty = true

        var source: SQL { isPartitioned ? "\(identifier: name)" : "ONLY \(identifier: name)" }
    }

    private let connection: any DatabaseConnection
    private let tables: [Table]
    private let sequences: PostgresSequences
    /// The schema of the copies.
    private let copies: String

    init(_ connection: any DatabaseConnection) async throws {
        self.connection = connection
        var tables = try await Self.tables(connection)
        sequences = try await PostgresSequences(connection)
        let schema = try await connection.query("SELECT current_schema()::text").first?[0].text ?? "public"
        copies = PostgresSchema.copies(of: schema)
        try await connection.execute("DROP SCHEMA IF EXISTS \(identifier: copies) CASCADE")
        try await connection.execute("CREATE SCHEMA \(identifier: copies)")
        for (place, table) in tables.enumerated() {
            try await connection.execute(
                """
                CREATE TABLE \(identifier: copies).\(identifier: table.name)
                AS SELECT \(SQL.identifiers(table.columns)) FROM \(table.source)
                """
            )
            tables[place].isEmpty = try await connection.query(
                "SELECT 1 FROM \(identifier: copies).\(identifier: table.name) LIMIT 1"
            ).isEmpty
        }
        self.tables = tables
    }

    func restore() async throws {
        _ = try await connection.run([.rollback])
        let now = try await Self.tables(connection)
        for table in tables where !now.contains(where: { $0.name == table.name && $0.shape == table.shape }) {
            throw TestDatabaseError(
                "the migration altered or dropped the table \(table.name), which can't be put back for another trial; "
                    + "leave that to a schema migration"
            )
        }
        let made = now.map(\.name).filter { name in !tables.contains { $0.name == name } }
        let rules = try await PostgresRules(connection)
        try await connection.transaction {
            for name in made { try await connection.execute("DROP TABLE \(identifier: name) CASCADE") }
            guard !tables.isEmpty else { return }
            let rules = rules.without(made)
            if !rules.off.isEmpty { try await connection.run(rules.off) }
            // For a few rows it takes less than TRUNCATE.
            try await connection.run(tables.map { .execute("DELETE FROM \($0.source)") })
            for table in tables where !table.isEmpty && !table.columns.isEmpty {
                let columns = SQL.identifiers(table.columns)
                try await connection.execute(
                    """
                    INSERT INTO \(identifier: table.name) (\(columns)) OVERRIDING SYSTEM VALUE
                    SELECT \(columns) FROM \(identifier: copies).\(identifier: table.name)
                    """
                )
            }
            // What is deferred is still to be checked, and no table can be altered until then.
            try await connection.run([.checkConstraints] + rules.on)
        }
        try await sequences.restore(connection)
    }

    func discard() async { _ = try? await connection.execute("DROP SCHEMA IF EXISTS \(identifier: copies) CASCADE") }

    private static func tables(_ connection: any DatabaseConnection) async throws -> [Table] {
        let rows = try await connection.query(
            """
            SELECT c.relname::text, c.relkind = 'p', a.attname::text, a.attgenerated <> '',
            format_type(a.atttypid, a.atttypmod)
            FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            ORDER BY c.relname, a.attnum
            """
        )
        var tables: [Table] = []
        for row in rows {
            guard let name = row[0].text else { continue }
            if tables.last?.name != name {
                tables.append(Table(name: name, isPartitioned: row[1].integer == 1, columns: [], shape: ""))
            }
            guard let column = row[2].text else { continue }
            tables[tables.count - 1].shape += "\(column) \(row[4].text ?? ""), "
            if row[3].integer != 1 { tables[tables.count - 1].columns.append(column) }
        }
        return tables
    }
}
