import Database

/// What is to be known of a table to make rows of it up.
struct FactoryTable: Sendable {
    let schema: TableSchema
    /// The columns that need a value: without NULL, and without a default.
    let required: [TableSchema.Column]
    private let isSQLite: Bool
    /// The number of the last row that is there.
    private let last: Int
    /// The foreign keys, with the first rows that they can refer to.
    private let references: [(key: ForeignKey, rows: Rows)]
    /// The first labels of PostgreSQL's enumerations, by type.
    private let labels: [String: String]

    init(_ name: String, _ connection: any DatabaseConnection) async throws {
        guard let schema = try await connection.schema(of: name) else {
            throw TestDatabaseError("there is no table \(name) to insert into; give the database its schema")
        }
        self.schema = schema
        isSQLite = connection.dialect.rowLock == nil
        let given = try await Self.columnsWithDefaults(schema, connection, isSQLite: isSQLite)
        required = schema.columns.filter { !$0.isNullable && !$0.isGenerated && !given.contains($0.name) }
        last = try await Self.last(schema, connection)
        var references: [(ForeignKey, Rows)] = []
        for key in try await ForeignKey.all(of: name, connection) {
            let rows = try await connection.query(
                "SELECT \(SQL.identifiers(key.referenced)) FROM \(identifier: key.table) ORDER BY 1 LIMIT 1000"
            )
            references.append((key, rows))
        }
        self.references = references
        labels = isSQLite ? [:] : try await Self.labels(connection)
    }

    /// Makes sure that there is a row to refer to.
    ///
    /// - Throws: ``TestDatabaseError`` if a column needs one, and there is none.
    func checkReference(of column: String) throws {
        guard let reference = references.first(where: { $0.key.columns.contains(column) }), reference.rows.isEmpty,
            reference.key.table != schema.name, schema.column(column)?.isNullable == false
        else { return }
        throw TestDatabaseError(
            "\(schema.name).\(column) refers to \(reference.key.table), which has no rows; insert one there first"
        )
    }

    /// A value for a column.
    ///
    /// - Parameters:
    ///   - name: the column.
    ///   - sample: a value of the type that it is to have; `nil` where only the table tells.
    ///   - number: the row's, from 1 on.
    /// - Returns: the value; NULL where that is what the column has by default.
    func value(of name: String, like sample: Value?, _ number: Int) -> Value {
        guard let column = schema.column(name) else { return sample ?? .null }
        let isNeeded = !column.isNullable
        if let sample, sample.isNull, !isNeeded { return .null }
        if let reference = references.first(where: { $0.key.columns.contains(name) }),
            let place = reference.key.columns.firstIndex(of: name)
        {
            if !reference.rows.isEmpty {
                return reference.rows.value(row: (number - 1) % reference.rows.count, column: place)
            }
            if !isNeeded { return .null }
        }
        let serial = last + number
        if let sample, !sample.isNull { return MadeUpValue.like(sample, column, serial) }
        if let label = labels[column.type] { return .text(label) }
        return MadeUpValue.of(column, serial)
    }

    /// What inserts a row; also into columns that the database would number by itself.
    func insert(_ columns: [String], _ values: [Value]) -> Statement {
        guard !columns.isEmpty else { return .execute("INSERT INTO \(identifier: schema.name) DEFAULT VALUES") }
        let override: SQL = isSQLite ? "" : " OVERRIDING SYSTEM VALUE"
        let list = SQL.joined(values.map { "\($0)" }, separator: ", ")
        return .execute(
            "INSERT INTO \(identifier: schema.name) (\(SQL.identifiers(columns)))\(override) VALUES (\(list))"
        )
    }

    /// What has the sequence of the key count on behind the rows that were given a number.
    var countingOn: [Statement] {
        guard !isSQLite, schema.primaryKey.count == 1, let key = schema.primaryKey.first,
            ["smallint", "integer", "bigint"].contains(schema.column(key)?.type)
        else { return [] }
        return [
            .query(
                """
                SELECT setval(s.name::regclass, (SELECT max(\(identifier: key)) FROM \(identifier: schema.name))::bigint)
                FROM (SELECT pg_get_serial_sequence(\(quotedName), \(key)) AS name) s WHERE s.name IS NOT NULL
                """
            )
        ]
    }

    private var quotedName: String {
        schema.name.split(separator: ".").map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ".")
    }

    private static func columnsWithDefaults(
        _ schema: TableSchema,
        _ connection: any DatabaseConnection,
        isSQLite: Bool
    ) async throws -> Set<String> {
        guard isSQLite else {
            let rows = try await connection.query(
                """
                SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass(\(connection.dialect.quoted(schema.name)))
                AND attnum > 0 AND NOT attisdropped AND (atthasdef OR attidentity <> '')
                """
            )
            return Set(rows.compactMap { $0[0].text })
        }
        let rows = try await connection.query(
            "SELECT name FROM pragma_table_info(\(schema.name)) WHERE dflt_value IS NOT NULL"
        )
        let isNumbered = schema.primaryKey.count == 1 && schema.rowIdentifier != nil
        // The rowid under another name.
        let key = schema.primaryKey.filter { isNumbered && schema.column($0)?.type.uppercased() == "INTEGER" }
        return Set(rows.compactMap { $0[0].text } + key)
    }

    private static func last(_ schema: TableSchema, _ connection: any DatabaseConnection) async throws -> Int {
        let count = try await connection.query("SELECT count(*) FROM \(identifier: schema.name)").first?[0].integer ?? 0
        guard schema.primaryKey.count == 1, let type = schema.column(schema.primaryKey[0])?.type,
            type.uppercased().contains("INT")
        else { return Int(count) }
        let key = SQL.identifiers(schema.primaryKey)
        let highest = try await connection.query("SELECT max(\(key)) FROM \(identifier: schema.name)").first?[0].integer
        return Int(max(count, highest ?? 0))
    }

    private static func labels(_ connection: any DatabaseConnection) async throws -> [String: String] {
        let rows = try await connection.query(
            """
            SELECT DISTINCT ON (enumtypid) format_type(enumtypid, NULL), enumlabel::text FROM pg_enum
            ORDER BY enumtypid, enumsortorder
            """
        )
        return Dictionary(rows.map { ($0[0].text ?? "", $0[1].text ?? "") }, uniquingKeysWith: { first, _ in first })
    }
}
