import Database
import Foundation

/// Looks which rows of a change still hold what the migration wrote.
struct UndoProbe {
    let connection: any DatabaseConnection
    let tables: KnownTables
    /// Whether nobody else may change them until the transaction ends.
    let locks: Bool

    /// What was found of a row.
    enum Finding: Sendable {
        /// It holds what the migration wrote.
        case intact
        /// It is as it was before the migration already.
        case settled
        /// Somebody changed it since.
        case conflict(UndoConflict)
    }

    /// Looks at some rows of a change.
    ///
    /// - Throws: ``MigrationError`` if the table is gone, or ``/Database/DatabaseError``.
    func look(at change: JournalChange, _ rows: [Int]) async throws -> [Finding] {
        guard let schema = try await tables.schema(of: change.table, connection) else {
            throw MigrationError(.mismatch, "the table \(change.table), which the migration wrote to, is gone")
        }
        switch change {
        case .updated(let updated): return try await look(at: updated, rows, schema)
        case .inserted(let inserted): return try await look(at: inserted, rows, schema)
        case .deleted(let deleted): return try await look(at: deleted, rows, schema)
        }
    }

    private func look(at updated: UpdatedRows, _ rows: [Int], _ schema: TableSchema) async throws -> [Finding] {
        let selection = updated.after.columns.map { "\(identifier: $0)" as SQL }
        let found = try await current(updated.table, updated.keys, rows, selection)
        var findings: [Finding] = []
        var unclear: [(place: Int, row: Int, now: [Value])] = []
        for row in rows {
            guard let now = found[ExactKey(updated.keys.row(row))] else {
                findings.append(.conflict(conflict(updated, row, now: nil)))
                continue
            }
            if zip(now, updated.after.row(row)).allSatisfy({ Self.isSame($0, $1) }) {
                findings.append(.intact)
            } else {
                unclear.append((findings.count, row, now))
                findings.append(now.areExactly(updated.before.row(row)) ? .settled : .intact)
            }
        }
        // The database alone knows in which form it stores a value.
        let asked = unclear.filter { if case .settled = findings[$0.place] { false } else { true } }
        let answers = try await connection.run(asked.map { .query(stores(updated, $0.row, schema)) })
        for (answer, (place, row, now)) in zip(answers, asked) where answer.rows?.isEmpty ?? true {
            findings[place] = .conflict(conflict(updated, row, now: now))
        }
        return findings
    }

    private func look(at inserted: InsertedRows, _ rows: [Int], _ schema: TableSchema) async throws -> [Finding] {
        let (keyColumns, columns) = (inserted.keys.columns, inserted.columns)
        let referrers = Referrers(schema: schema, keyColumns: keyColumns, tables: tables, connection: connection)
        // While all is still there, most of these are the migration's own.
        let targets = locks ? referrers.targets : []
        let hash = connection.dialect.changeHash(of: columns, schema)
        let selection: [SQL] = [hash] + targets.map { "\(identifier: $0)" }
        let found = try await current(inserted.table, inserted.keys, rows, selection)
        let keys = rows.map { ExactKey(inserted.keys.row($0)) }
        var intact: [ExactKey: [Value]] = [:]
        var reasons: [ExactKey: String] = [:]
        for (row, key) in zip(rows, keys) {
            guard let values = found[key], let hash = values[0].integer else { continue }
            if hash == inserted.hashes[row] {
                intact[key] = Array(values.dropFirst())
            } else {
                reasons[key] = "the row that the migration inserted was changed since"
            }
        }
        if !targets.isEmpty {
            for (key, table) in try await referrers.held(intact) {
                reasons[key] = "rows of \(table) refer to it, and would go with it"
            }
        }
        // To be shown.
        let refused = zip(rows, keys).filter { reasons[$0.1] != nil }.map { $0.0 }
        let shown = try await current(inserted.table, inserted.keys, refused, columns.map { "\(identifier: $0)" })
        return zip(rows, keys).map { row, key in
            guard let reason = reasons[key] else { return intact[key] == nil ? .settled : .intact }
            return .conflict(
                UndoConflict(
                    table: inserted.table,
                    key: Self.text(inserted.keys, row),
                    reason: reason,
                    now: shown[key].map { StoredRow.text(columns: columns, values: $0, from: 0) }
                )
            )
        }
    }

    private func look(at deleted: DeletedRows, _ rows: [Int], _ schema: TableSchema) async throws -> [Finding] {
        guard !deleted.keyColumns.isEmpty else { return rows.map { _ in .intact } }
        let keys = deleted.keys
        let names = deleted.rows.columns
        let found = try await current(deleted.table, keys, rows, names.map { "\(identifier: $0)" })
        return rows.map { row in
            guard let now = found[ExactKey(keys.row(row))] else { return .intact }
            if now.areExactly(deleted.rows.row(row)) { return .settled }
            return .conflict(
                UndoConflict(
                    table: deleted.table,
                    key: Self.text(keys, row),
                    reason: "the row that the migration deleted is there again",
                    now: StoredRow.text(columns: names, values: now, from: 0),
                    wrote: nil,
                    before: StoredRow.text(columns: names, values: deleted.rows.row(row), from: 0)
                )
            )
        }
    }

    /// What is stored under some keys now.
    private func current(
        _ table: String,
        _ keys: ValueTable,
        _ rows: [Int],
        _ selection: [SQL]
    ) async throws -> [ExactKey: [Value]] {
        guard !rows.isEmpty else { return [:] }
        let select = BulkSelect(
            from: table,
            keyColumns: keys.columns,
            keys: keys.values(of: rows),
            selection: keys.columns.map { "\(identifier: $0)" } + selection,
            locks: locks
        )
        let found = try await connection.run([.select(select)])[0].rows ?? Rows(columns: [])
        var values: [ExactKey: [Value]] = [:]
        values.reserveCapacity(found.count)
        for row in 0..<found.count {
            let fields = found.columns.indices.map { found.exactValue(row: row, column: $0) }
            values[ExactKey(fields.prefix(keys.columns.count))] = Array(fields.dropFirst(keys.columns.count))
        }
        return values
    }

    /// Whether a row stores what was written, in the database's own terms.
    private func stores(_ updated: UpdatedRows, _ row: Int, _ schema: TableSchema) -> SQL {
        let keyset = Keyset(columns: updated.keys.columns)
        let conditions = updated.after.columns.enumerated().map { index, column in
            let type = schema.column(column)?.type ?? "text"
            return connection.dialect.stores("\(identifier: column)", updated.after[row, index], type: type)
        }
        return """
            SELECT 1 FROM \(identifier: updated.table) WHERE \(keyset.condition(equals: updated.keys.row(row))) \
            AND \(SQL.joined(conditions, separator: " AND "))
            """
    }

    private func conflict(_ updated: UpdatedRows, _ row: Int, now: [Value]?) -> UndoConflict {
        let columns = updated.after.columns
        return UndoConflict(
            table: updated.table,
            key: Self.text(updated.keys, row),
            reason: now == nil
                ? "the row that the migration changed is gone" : "the row was changed since the migration wrote it",
            now: now.map { StoredRow.text(columns: columns, values: $0, from: 0) },
            wrote: StoredRow.text(columns: columns, values: updated.after.row(row), from: 0),
            before: StoredRow.text(columns: columns, values: updated.before.row(row), from: 0)
        )
    }

    static func text(_ keys: ValueTable, _ row: Int) -> String {
        StoredRow.text(columns: keys.columns, values: keys.row(row), from: 0)
    }

    /// Whether a stored value is what was written, without a doubt.
    private static func isSame(_ stored: Value, _ written: Value) -> Bool {
        switch (stored, written) {
        case (.integer(let stored), .bool(let written)): stored == (written ? 1 : 0)
        case (.text(let stored), .json(let written)): stored.utf8.elementsEqual(written.utf8)
        default: stored.isExactly(written)
        }
    }
}

/// A row that can't be taken back, because somebody changed it after the migration did.
public struct UndoConflict: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The table.
    public var table: String
    /// The row's key, as a JSON object.
    public var key: String
    /// What happened to it.
    public var reason: String
    /// What it holds now, as a JSON object; `nil` if it is gone.
    public var now: String?
    /// What the migration wrote.
    public var wrote: String?
    /// What it held before the migration.
    public var before: String?

    /// One line, without values.
    public var description: String { "\(table): \(reason)" }

    /// What is known of it, for the ledger.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts can't fail to encode.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
