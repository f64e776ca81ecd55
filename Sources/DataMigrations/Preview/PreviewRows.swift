import Database

/// Shows what was put down of a batch, row by row, while its transaction is open.
struct PreviewRows {
    private let connection: any DatabaseConnection
    private let tables: KnownTables

    init(_ connection: any DatabaseConnection, _ tables: KnownTables) {
        self.connection = connection
        self.tables = tables
    }

    /// The first rows of some changes: one of each in turn, so that no table hides another.
    func rows(_ changes: [JournalChange], limit: Int) async throws -> [Preview.Row] {
        var groups: [[Preview.Row]] = []
        for change in changes {
            let count = min(limit, change.count)
            switch change {
            case .updated(let updated): groups.append((0..<count).map { row(updated, $0) })
            case .inserted(let inserted): groups.append(try await self.rows(inserted, count))
            case .deleted(let deleted): groups.append((0..<count).map { row(deleted, $0) })
            }
        }
        return Self.inTurn(groups, limit: limit)
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
                before: updated.before[row, index].text,
                after: updated.after[row, index].text
            )
        }
        return Preview.Row(
            table: updated.table,
            key: UndoProbe.text(updated.keys, row),
            kind: .changed,
            fields: fields
        )
    }

    private func row(_ deleted: DeletedRows, _ row: Int) -> Preview.Row {
        let fields = deleted.rows.columns.enumerated().map { index, column in
            Preview.Field(column: column, before: deleted.rows[row, index].text)
        }
        let key = deleted.keyColumns.isEmpty ? "{}" : UndoProbe.text(deleted.keys, row)
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
