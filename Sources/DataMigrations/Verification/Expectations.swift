public import Database

/// Assertions for ``DataMigration/verify(_:)``.
extension DatabaseAccess {
    /// Fails unless the condition is true.
    ///
    /// - Throws: ``MigrationError`` with the message.
    public func expect(_ condition: Bool, _ message: String) throws {
        if !condition { throw MigrationError(.verification, message) }
    }

    /// Fails if there is such a row.
    ///
    /// - Throws: ``MigrationError`` that tells how many there are and holds the first 20, or ``/Database/DatabaseError``.
    public func expect<M: Model>(none query: Query<M>) async throws {
        let count = try await query.countUnhurried(in: self)
        guard count > 0 else { return }
        throw MigrationError(
            .verification,
            "\(count == 1 ? "1 row" : "\(count) rows") of \(M.table) "
                + "\(count == 1 ? "is" : "are") left that should not be there",
            rows: try await query.sample(in: connection)
        )
    }

    /// Fails unless there are so many rows.
    ///
    /// - Throws: ``MigrationError`` that tells how many there are, or ``/Database/DatabaseError``.
    public func expect<M: Model>(count query: Query<M>, equals expected: Int) async throws {
        let count = try await query.countUnhurried(in: self)
        try expect(count == expected, "\(M.table) has \(count) such rows where \(expected) were expected")
    }

    /// Fails unless the rows of two tables hold the same values in some columns.
    ///
    ///     try await database.expect(same: Post.all, Article.where("legacy"), on: ["title", "body"])
    ///
    /// The database hashes the rows, 50 000 at a time along the table's key, and azu compares how many they are and the
    /// sums of their hashes: rows need not have the same order or the same keys. In a run, a comparison whose process
    /// was killed goes on at the rows where it was.
    ///
    /// - Parameters:
    ///   - first: the rows of one table, without order and limit.
    ///   - second: the rows of the other one.
    ///   - columns: the columns that must agree; both tables have them, and store the same value alike.
    /// - Throws: ``MigrationError`` that names both tables and holds up to 20 rows that only one of them has, or
    ///   ``/Database/DatabaseError``.
    public func expect<A: Model, B: Model>(
        same first: Query<A>,
        _ second: Query<B>,
        on columns: [String]
    ) async throws {
        let verification = self as? Verification
        let comparison = Comparison(
            first: try await HashedTable(first, on: columns, in: connection),
            second: try await HashedTable(second, on: columns, in: connection),
            connection: connection,
            log: verification?.nextComparison(),
            sliceRows: verification?.sliceRows ?? Comparison.sliceRows
        )
        try await comparison.check()
    }
}

extension Query {
    /// The first rows, in the order of the key, as JSON objects.
    func sample(in connection: any DatabaseConnection) async throws -> [String] {
        let schema = try await connection.schema(of: M.table)
        let known = Set(schema?.columns.map(\.name) ?? [])
        let keys = [M.primaryKey, schema?.primaryKey ?? []]
        let key = keys.first { !$0.isEmpty && known.isSuperset(of: $0) } ?? []
        var page = self
        if ordering == nil, !key.isEmpty { page.ordering = SQL.identifiers(key) }
        page.limit = Swift.min(MigrationError.mostRows, limit ?? MigrationError.mostRows)
        let columns = ModelCoding<M>.columns.map { columns in key + columns.filter { !key.contains($0) } }
        let rows = try await connection.queryUnhurried(page.select(columns.map(SQL.identifiers) ?? "*"))
        return rows.map { StoredRow.text(columns: rows.columns, values: $0.values, from: 0) }
    }
}
