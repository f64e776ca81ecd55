import Database

/// Rows of a table that the database hashes, some columns of each.
struct HashedTable: Sendable {
    let name: String
    /// What is hashed.
    let columns: [String]
    /// The key along which the table is walked; `nil` where no columns tell all rows apart: such a table is hashed as a
    /// whole.
    let keyset: Keyset?
    private let predicate: SQL?
    private let hash: SQL
    private let orderHint: String

    /// - Throws: ``MigrationError`` if the query can't be compared, or does not fit the table.
    init<M: Model>(_ query: Query<M>, on columns: [String], in connection: any DatabaseConnection) async throws {
        guard !columns.isEmpty else {
            throw MigrationError(.mismatch, "expect(same:) has no columns of \(M.table) to compare; name them in `on`")
        }
        guard query.ordering == nil, query.limit == nil else {
            throw MigrationError(
                .mismatch,
                "\(M.table) is walked along its key: leave order and limit out of expect(same:)"
            )
        }
        guard let schema = try await connection.schema(of: M.table) else {
            throw MigrationError(.mismatch, "there is no table \(M.table), the table of \(M.self)")
        }
        // SQLite would take a name that it does not know for a text.
        for column in columns where schema.column(column) == nil {
            throw MigrationError(.mismatch, "the table \(M.table) has no column \(column) to compare")
        }
        name = M.table
        self.columns = columns
        keyset = try await Self.keyset([M.primaryKey, schema.primaryKey], of: schema, in: connection)
        predicate = query.predicate
        hash = connection.dialect.rowHash(columns.map { "\(identifier: $0)" })
        orderHint = keyset?.columns == schema.primaryKey ? schema.keyOrderHint ?? "" : ""
    }

    /// The first of some keys that tells all rows apart.
    private static func keyset(
        _ candidates: [[String]],
        of schema: TableSchema,
        in connection: any DatabaseConnection
    ) async throws -> Keyset? {
        for candidate in candidates {
            // In the order of its index.
            guard let key = schema.uniqueKeys.first(where: { Set($0) == Set(candidate) }) else { continue }
            if try await !schema.hasNull(in: key, connection) { return Keyset(columns: key) }
        }
        return nil
    }
}

// MARK: - Queries

extension HashedTable {
    /// The sums of some rows behind a key, and the last of their keys.
    ///
    ///     count, sum of the lower halves, sum of the higher halves, key…
    func slice(after key: [Value]?, rows: Int) -> SQL {
        guard let keyset else { return "SELECT \(Self.sums) FROM (\(hashes())) AS part" }
        return """
            WITH part AS (SELECT \(keyset.ordering), \(hash) AS azu_hash FROM \(identifier: name) \(raw: orderHint)\
            \(filter(key.map(keyset.condition(after:)))) ORDER BY \(keyset.ordering) LIMIT \(rows)) \
            SELECT sums.*, tail.* FROM (SELECT \(Self.sums) FROM part) AS sums LEFT JOIN (SELECT \(keyset.ordering) \
            FROM part ORDER BY \(keyset.reverseOrdering) LIMIT 1) AS tail ON 1 = 1
            """
    }

    /// The hash of each row, and what else is to stand beside it.
    func hashes(and more: SQL = "") -> SQL {
        "SELECT \(hash) AS azu_hash\(more) FROM \(identifier: name)\(filter(nil))"
    }

    /// The first rows with one of some hashes: the hash, the key, what is hashed.
    func rows(withHashes hashes: [Int64], limit: Int) -> SQL {
        let key = keyset?.columns ?? []
        let shown = SQL.identifiers(key + columns.filter { !key.contains($0) })
        let among: SQL = "\(hash) IN \(hashes)"
        let order: SQL = keyset.map { " ORDER BY \($0.ordering)" } ?? ""
        return """
            SELECT \(hash) AS azu_hash, \(shown) FROM \(identifier: name)\(filter(among))\(order) LIMIT \(limit)
            """
    }

    private func filter(_ more: SQL?) -> SQL {
        let conditions = [predicate, more].compactMap { $0 }
        return conditions.isEmpty ? "" : " WHERE \(SQL.joined(conditions, separator: " AND "))"
    }

    private static let sums: SQL = """
        count(*) AS azu_rows, CAST(coalesce(sum(azu_hash & 4294967295), 0) AS bigint) AS azu_low, \
        CAST(coalesce(sum(azu_hash >> 32), 0) AS bigint) AS azu_high
        """
}
