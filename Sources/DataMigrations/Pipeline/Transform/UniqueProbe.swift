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
        var pending = Array(rows.changed.indices)
        for attempt in 0..<Self.rounds where !pending.isEmpty {
            let claims = pending.compactMap { index in claim(columns, at: index) }
            var owners = try await owners(of: claims.map(\.new), columns)
            pending = []
            for claim in claims {
                let me = Self.text(rows.key(at: claim.index))
                let value = Self.text(claim.new)
                if let owner = owners[value], owner != me {
                    do {
                        try rows.resolve(claim.index, columns: columns, attempt: attempt)
                        pending.append(claim.index)
                    } catch  where Fault.isRowFault(error) {
                        rows.discard(claim.index, error: error)
                    }
                } else {
                    owners[value] = me
                    if owners[Self.text(claim.old)] == me, claim.old != claim.new { owners[Self.text(claim.old)] = nil }
                }
            }
        }
        for index in pending {
            let attempts = UniqueConflict(table: table.schema.name, columns: columns, attempt: Self.rounds)
            if let claim = claim(columns, at: index),
                try await owners(of: [claim.new], columns)[Self.text(claim.new)] != nil
            {
                rows.discard(index, error: attempts)
            }
        }
    }

    /// What a row wants to have, where it did not have it before.
    ///
    /// NULL is never in conflict.
    private func claim(_ columns: [String], at index: Int) -> (index: Int, new: [Value], old: [Value])? {
        guard let (new, old) = rows.values(of: columns, at: index), new != old, !new.contains(where: \.isNull) else {
            return nil
        }
        return (index, new, old)
    }

    /// Who holds these values now: the key of the row, by the text of the values.
    private func owners(of values: [[Value]], _ columns: [String]) async throws -> [String: String] {
        var owners: [String: String] = [:]
        let names = SQL.identifiers(columns)
        for chunk in values.chunked(by: connection.dialect.maximumBoundValues / columns.count) {
            let condition: SQL =
                columns.count == 1
                ? "\(names) IN \(chunk.map { $0[0] })"
                : "(\(names)) IN (VALUES \(SQL.joined(chunk.map { "\($0)" }, separator: ", ")))"
            let found = try await connection.query(
                "SELECT \(names), \(table.keyset.ordering) FROM \(identifier: table.schema.name) WHERE \(condition)"
            )
            for row in found {
                let values = row.values
                owners[Self.text(Array(values.prefix(columns.count)))] = Self.text(
                    Array(values.dropFirst(columns.count))
                )
            }
        }
        return owners
    }

    /// Values as a key of a dictionary.
    ///
    /// A value comes back from the database in another type than it was bound in.
    private static func text(_ values: [Value]) -> String { values.map { $0.text ?? "" }.joined(separator: "\u{1F}") }
}
