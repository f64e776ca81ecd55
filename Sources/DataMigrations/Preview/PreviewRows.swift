import Database

/// Shows what was put down of a batch, row by row, while its transaction is open.
struct PreviewRows {
    private let connection: any DatabaseConnection
    private let tables: KnownTables

    init(_ connection: any DatabaseConnection, _ tables: KnownTables) {
        self.connection = connection
        self.tables = tables
    }

    /// The first rows of some changes: of each table in turn, so that none hides another, however many changes it has.
    func rows(_ changes: [JournalChange], limit: Int) async throws -> [Preview.Row] {
        var groups: [[Preview.Row]] = []
        var places: [String: Int] = [:]
        for change in changes {
            let name = "\(Self.kind(of: change).rawValue) \(change.table)"
            let place = places[name] ?? groups.count
            if place == groups.count { groups.append([]) }
            places[name] = place
            let count = min(limit - groups[place].count, change.count)
            guard count > 0 else { continue }
            switch change {
            case .updated(let updated): groups[place] += (0..<count).map { row(updated, $0) }
            case .inserted(let inserted): groups[place].append(contentsOf: try await self.rows(inserted, count))
            case .deleted(let deleted):
                let keys = deleted.keys
                groups[place] += (0..<count).map { row(deleted, keys, $0) }
            }
        }
        return Self.inTurn(groups, limit: limit)
    }

    private static func kind(of change: JournalChange) -> Preview.Row.Kind {
        switch change {
        case .updated: .changed
        case .inserted: .inserted
        case .deleted: .deleted
        }
    }

    /// Some rows of each batch, those of a table together.
    static func choose(_ limit: Int, of batches: [[Preview.Row]]) -> [Preview.Row] {
        let chosen = inTurn(batches, limit: limit)
        var groups: [[Preview.Row]] = []
        for row in chosen {
            if let place = groups.firstIndex(where: { $0[0].table == row.table && $0[0].kind == row.kind }) {
                groups[place].append(row)
            } else {
                groups.append([row])
            }
        }
        return groups.flatMap { $0 }
    }

    /// The first row of each group, then the second ones, and so on.
    private static func inTurn(_ groups: [[Preview.Row]], limit: Int) -> [Preview.Row] {
        var rows: [Preview.Row] = []
        for place in 0..<(groups.map(\.count).max() ?? 0) {
            for group in groups where place < group.count && rows.count < limit { rows.append(group[place]) }
        }
        return rows
    }

    private func row(_ updated: UpdatedRows, _ row: Int) -> Preview.Row {
        let fields = updated.after.columns.enumerated().map { index, column in
            Preview.Field(
                column: column,
                before: Self.text(updated.before[row, index]),
                after: Self.text(updated.after[row, index])
            )
        }
        return Preview.Row(
            table: updated.table,
            key: UndoProbe.text(updated.keys, row),
            kind: .changed,
            fields: fields
        )
    }

    /// A value as it is read: what is written as a Boolean comes back as a number.
    private static func text(_ value: Value) -> String? {
        if case .bool(let bool) = value { bool ? "1" : "0" } else { value.text }
    }

    private func row(_ deleted: DeletedRows, _ keys: ValueTable, _ row: Int) -> Preview.Row {
        let fields = deleted.rows.columns.enumerated().map { index, column in
            Preview.Field(column: column, before: deleted.rows[row, index].text)
        }
        let key = keys.columns.isEmpty ? "{}" : UndoProbe.text(keys, row)
        return Preview.Row(table: deleted.table, key: key, kind: .deleted, fields: fields)
    }

    private func rows(_ inserted: InsertedRows, _ count: Int) async throws -> [Preview.Row] {
        let select = BulkSelect(
            from: inserted.table,
            keyColumns: inserted.keys.columns,
            keys: inserted.keys.values(of: 0..<count),
            selection: (inserted.keys.columns + inserted.columns).map { "\(identifier: $0)" }
        )
        let found = try await connection.run([.select(select)])[0].rows ?? Rows(columns: [])
        let width = inserted.keys.columns.count
        return (0..<found.count).map { row in
            let values = found.values(row: row)
            let fields = zip(inserted.columns, values.dropFirst(width)).map { column, value in
                Preview.Field(column: column, after: value.text)
            }
            let key = StoredRow.text(columns: inserted.keys.columns, values: Array(values.prefix(width)), from: 0)
            return Preview.Row(table: inserted.table, key: key, kind: .inserted, fields: fields)
        }
    }
}
