import Database

/// Finds, before anything is written, the changed rows whose new value of a unique column another row holds, and lets
/// the author resolve them.
///
/// One query a batch, where writing row by row would meet one error a row.
///
///     SELECT "email", "id" FROM "users" WHERE "email" IN (?, ?, …)
///
/// Rows are looked at in the order of the key, as a loop over them would: who comes first gets the value, and a value
/// that an earlier row of the batch gives up is free. What this does not see (a collation, an index over an expression)
/// the write meets, and finds by bisection.
struct UniqueProbe<M: RowMigration> {
    let rows: TransformedRows<M>
    let table: TableRows
    let connection: any DatabaseConnection
    private static var rounds: Int { 5 }

    /// Looks at each unique key that the batch changes.
    func run() async throws {
        for columns in table.schema.uniqueKeys where columns != table.keyset.columns && rows.changes(columns) {
            try await run(columns)
        }
    }

    private func run(_ columns: [String]) async throws {
        var pending = rows.claims(of: columns)
        for attempt in 0..<Self.rounds where !pending.isEmpty {
            var owners = try await owners(of: pending, columns)
            var resolved: [UniqueClaim] = []
            for claim in pending {
                if let owner = owners[claim.new], owner != claim.key {
                    do {
                        try rows.resolve(claim.index, columns: columns, attempt: attempt)
                        if let again = rows.claim(columns, at: claim.index) { resolved.append(again) }
                    } catch  where Fault.isRowFault(error) {
                        rows.discard(claim.index, error: error)
                    }
                } else {
                    owners[claim.new] = claim.key
                    if owners[claim.old] == claim.key { owners[claim.old] = nil }
                }
            }
            pending = resolved
        }
        for claim in pending where try await owners(of: [claim], columns)[claim.new] != nil {
            rows.discard(
                claim.index,
                error: UniqueConflict(table: table.schema.name, columns: columns, attempt: Self.rounds)
            )
        }
    }

    /// Who holds the claimed values now: the key of the row, by the text of the values.
    private func owners(of claims: [UniqueClaim], _ columns: [String]) async throws -> [String: String] {
        var owners: [String: String] = [:]
        let names = SQL.identifiers(columns)
        // SQLite knows no list of rows; PostgreSQL takes the columns of VALUES for text.
        let list: SQL = connection.dialect.rowLock == nil ? "VALUES " : ""
        for chunk in claims.chunked(by: connection.dialect.maximumBoundValues / columns.count) {
            let condition: SQL =
                columns.count == 1
                ? "\(names) IN \(chunk.map { $0.values[0] })"
                : "(\(names)) IN (\(list)\(SQL.joined(chunk.map { "\($0.values)" }, separator: ", ")))"
            let found = try await connection.query(
                "SELECT \(names), \(table.keyset.ordering) FROM \(identifier: table.schema.name) WHERE \(condition)"
            )
            for row in 0..<found.count {
                let values = columns.indices.map { found.value(row: row, column: $0) }
                let key = table.keyset.columns.indices.map { found.value(row: row, column: columns.count + $0) }
                owners[UniqueClaim.text(values)] = UniqueClaim.text(key)
            }
        }
        return owners
    }
}

/// What a row wants to have in unique columns, where it did not have it before.
struct UniqueClaim: Sendable {
    /// Which of the changed rows it is.
    let index: Int
    /// The values it wants.
    let values: [Value]
    /// The same as text: a value comes back from the database in another type than it was bound in.
    let new: String
    /// What it had.
    let old: String
    /// The row's key.
    let key: String

    init(index: Int, values: [Value], old: [Value], key: [Value]) {
        self.index = index
        self.values = values
        new = Self.text(values)
        self.old = Self.text(old)
        self.key = Self.text(key)
    }

    /// Values as a key of a dictionary.
    static func text(_ values: [Value]) -> String {
        values.count == 1 ? values[0].text ?? "" : values.map { $0.text ?? "" }.joined(separator: "\u{1F}")
    }
}

extension TransformedRows {
    /// What the changed rows want, in the order of the key.
    func claims(of columns: [String]) -> [UniqueClaim] {
        if let prepared = preparedClaims.removeValue(forKey: columns) { return prepared }
        return changed.indices.compactMap { claim(columns, at: $0) }
    }

    /// Finds out ahead of time what rows want of each unique key.
    func prepareClaims() {
        for columns in table.schema.uniqueKeys where columns != table.keyset.columns && changes(columns) {
            preparedClaims[columns] = claims(of: columns)
        }
    }

    /// What a row wants; `nil` if it is what it had.
    ///
    /// NULL is never in conflict.
    func claim(_ columns: [String], at index: Int) -> UniqueClaim? {
        guard let (new, old) = values(of: columns, at: index), new != old, !new.contains(where: \.isNull) else {
            return nil
        }
        return UniqueClaim(index: index, values: new, old: old, key: key(at: index))
    }
}
