import Database

extension Contents {
    /// Reads what is there, without what is to be left out.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    init(of connection: any DatabaseConnection, ignoring ignored: IgnoredColumns) async throws {
        for name in try await Self.tables(of: connection) where !ignored.hasTable(name) {
            guard let schema = try await connection.schema(of: name) else { continue }
            let columns = schema.columns.filter { !ignored.has($0.name, of: name) }
            guard !columns.isEmpty else { continue }
            let places = schema.primaryKey.map { key in columns.firstIndex { $0.name == key } }
            let key = places.contains(nil) ? [] : places.compactMap(\.self)
            tables[name] = try await Self.table(name, columns, key, connection)
        }
    }

    /// The tables of the database, or of the schema, without those in which azu records runs.
    static func tables(of connection: any DatabaseConnection) async throws -> [String] {
        let isSQLite = connection.dialect.rowLock == nil
        let names = try await connection.query(isSQLite ? sqliteTables : postgresTables).compactMap { $0[0].text }
        return names.filter { $0 != "data_migrations" && !$0.hasPrefix("data_migration_") }
    }

    private static let sqliteTables: SQL = """
        SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
        """

    /// The rows of partitions are those of their table.
    private static let postgresTables: SQL = """
        SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
        AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
        """

    private static func table(
        _ name: String,
        _ columns: [TableSchema.Column],
        _ key: [Int],
        _ connection: any DatabaseConnection
    ) async throws -> Table {
        let isSQLite = connection.dialect.rowLock == nil
        // As text, PostgreSQL writes every type, and in full.
        let fields = columns.map { column in
            isSQLite ? "\(identifier: column.name)" : "\(identifier: column.name)::text" as SQL
        }
        var query: SQL = "SELECT \(SQL.joined(fields, separator: ", ")) FROM \(identifier: name) AS stored"
        // Not by what is selected, which is text.
        let order = key.map { "stored.\(identifier: columns[$0].name)" as SQL }
        if !order.isEmpty { query += " ORDER BY \(SQL.joined(order, separator: ", "))" }
        let found = try await connection.query(query)
        let areNumbers = columns.map { !isSQLite && isNumber($0.type) }
        let rows = (0..<found.count).map { row in
            columns.indices.map { StoredField(found, row: row, column: $0, isNumber: areNumbers[$0]) }
        }
        return Table(columns: columns.map(\.name), key: key, rows: rows)
    }

    /// Whether values of a type of PostgreSQL are shown without quotes.
    private static func isNumber(_ type: String) -> Bool {
        ["smallint", "integer", "bigint", "real", "double precision", "boolean"].contains(type)
            || type.hasPrefix("numeric")
    }
}
