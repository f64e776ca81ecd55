import Database

/// What happens with rows that somebody changed after the migration did.
public enum ConflictPolicy: String, Sendable, Hashable, CaseIterable {
    /// The rollback does not begin if there are any, and stops where one comes up.
    case stop
    /// They stay as they are.
    case skip
    /// They are taken back all the same.
    case force
}

/// The rows of some journal entries, in the order in which they are taken back: the last one written comes first.
final class UndoneRows: PreparedBatch {
    private let parts: [Part]
    private let policy: ConflictPolicy
    private let tables: KnownTables
    /// Those that stay as they are.
    private var refused: [Int: UndoConflict] = [:]

    /// A change, and where its rows stand among all.
    private struct Part {
        var change: JournalChange
        var start: Int
    }

    init(_ changes: [JournalChange], _ policy: ConflictPolicy, _ tables: KnownTables) {
        self.policy = policy
        self.tables = tables
        var start = 0
        parts = changes.reversed().map { change in
            defer { start += change.count }
            return Part(change: change, start: start)
        }
        count = start
    }

    let count: Int

    var faults: [QuarantinedRow] { refused.sorted { $0.key < $1.key }.map { Self.quarantined($0.value) } }

    func write(_ range: Range<Int>, in handle: Batch) async throws -> [Statement] {
        for index in range { refused[index] = nil }
        for part in parts {
            let own = range.clamped(to: part.start..<part.start + part.change.count)
            // The last row first: in that order, each step passes through a state that was valid once.
            let rows = own.map { part.change.count - 1 - ($0 - part.start) }
            if !rows.isEmpty { try await undo(part, rows, handle) }
        }
        return []
    }

    private func undo(_ part: Part, _ rows: [Int], _ handle: Batch) async throws {
        let change = part.change
        let probe = UndoProbe(connection: handle.connection, tables: tables, locks: true)
        var (good, forced): ([Int], [Int]) = ([], [])
        for (row, finding) in zip(rows, try await probe.look(at: change, rows)) {
            switch finding {
            case .intact: good.append(row)
            case .settled: handle.count(ChangeCounters(skipped: 1))
            case .conflict(let conflict):
                // A row that is gone is not there to be written.
                if policy == .force, conflict.now != nil {
                    forced.append(row)
                } else {
                    refused[part.start + change.count - 1 - row] = conflict
                }
            }
        }
        let schema = try await tables.schema(of: change.table, handle.connection)
        switch change {
        case .updated(let updated):
            let rows = good + forced
            try await handle.connection.run([update(updated, rows, schema)])
            handle.count(ChangeCounters(changed: rows.count))
        case .inserted(let inserted):
            let rows = good + forced
            try await delete(inserted, rows, schema, handle.connection)
            handle.count(ChangeCounters(deleted: rows.count))
        case .deleted(let deleted):
            try await handle.connection.run([insert(deleted, good, schema)])
            handle.count(ChangeCounters(inserted: good.count))
            guard !forced.isEmpty else { return }
            try await handle.connection.run([overwrite(deleted, forced, schema)])
            handle.count(ChangeCounters(changed: forced.count))
        }
    }

    private func update(_ updated: UpdatedRows, _ rows: [Int], _ schema: TableSchema?) -> Statement {
        let update = BulkUpdate(
            updated.table,
            keyColumns: updated.keys.columns,
            columns: updated.before.columns,
            keys: updated.keys.values(of: rows),
            values: values(of: updated.before, rows, schema)
        )
        return Statement(.update(update), expectedChanges: rows.count)
    }

    private func delete(
        _ inserted: InsertedRows,
        _ rows: [Int],
        _ schema: TableSchema?,
        _ connection: any DatabaseConnection
    ) async throws {
        let (table, columns, keys) = (inserted.table, inserted.keys.columns, inserted.keys.values(of: rows))
        let delete = BulkDelete(from: table, keyColumns: columns, keys: keys)
        guard let schema, !schema.cascades.isEmpty else {
            try await connection.run([Statement(.delete(delete), expectedChanges: rows.count)])
            return
        }
        // SQLite does not count a row that goes along with another one of them, so those that are left are counted.
        let selection = columns.map { "\(identifier: $0)" as SQL }
        let select = BulkSelect(from: table, keyColumns: columns, keys: keys, selection: selection)
        let left = try await connection.run([.delete(delete), .select(select)])[1].rows?.count ?? 0
        guard left == 0 else {
            throw DatabaseError(.guardFailed, "\(left) rows are left where \(rows.count) had to be deleted")
        }
    }

    private func insert(_ deleted: DeletedRows, _ rows: [Int], _ schema: TableSchema?) -> Statement {
        let insert = BulkInsert(
            into: deleted.table,
            columns: deleted.rows.columns,
            values: values(of: deleted.rows, rows, schema)
        )
        return Statement(.insert(insert), expectedChanges: rows.count)
    }

    /// The row that was deleted in the place of the one that has its key now.
    private func overwrite(_ deleted: DeletedRows, _ rows: [Int], _ schema: TableSchema?) -> Statement {
        let columns = deleted.rows.columns.filter { !deleted.keyColumns.contains($0) }
        let images = deleted.rows.selecting(columns) ?? ValueTable(columns)
        let update = BulkUpdate(
            deleted.table,
            keyColumns: deleted.keyColumns,
            columns: columns,
            keys: deleted.keys.values(of: rows),
            values: values(of: images, rows, schema)
        )
        return Statement(.update(update), expectedChanges: rows.count)
    }

    /// Stored values, in the form in which they are written.
    private func values(of table: ValueTable, _ rows: [Int], _ schema: TableSchema?) -> [Value] {
        let isArray = table.columns.map { schema?.column($0)?.type.hasSuffix("[]") ?? false }
        return rows.flatMap { row in
            table.columns.indices.map { column in
                // An array is read as a JSON array.
                if isArray[column], case .text(let json) = table[row, column] { return .json(json) }
                return table[row, column]
            }
        }
    }

    func mend(_ index: Int, after error: any Error, attempt: Int) -> Bool { false }

    func quarantined(_ index: Int, error: any Error) -> QuarantinedRow {
        refused[index] = nil
        guard let part = parts.last(where: { $0.start <= index }) else {
            return QuarantinedRow(locator: "", original: "", error: Fault.text(of: error))
        }
        let row = part.change.count - 1 - (index - part.start)
        let reason =
            error.isUnwritten ? "a trigger, or row security, keeps it from being written" : Fault.text(of: error)
        let keys = part.change.keys
        let key = keys.columns.isEmpty ? "{}" : UndoProbe.text(keys, row)
        return Self.quarantined(UndoConflict(table: part.change.table, key: key, reason: reason))
    }

    private static func quarantined(_ conflict: UndoConflict) -> QuarantinedRow {
        QuarantinedRow(
            locator: "\(conflict.table) \(conflict.key)",
            original: conflict.json,
            error: conflict.reason
        )
    }
}

/// Takes journal entries back.
struct UndoWork: BatchWork {
    let policy: ConflictPolicy
    let tables: KnownTables

    func write(_ batch: LoadedBatch<Int>, in handle: Batch) async throws -> WrittenBatch {
        let rows = rows(of: batch)
        let rest = try await rows.write(0..<rows.count, in: handle)
        return WrittenBatch(rest: rest, faults: rows.faults)
    }

    func prepare(_ batch: LoadedBatch<Int>, connection: any DatabaseConnection) async throws -> any PreparedBatch {
        rows(of: batch)
    }

    private func rows(of batch: LoadedBatch<Int>) -> UndoneRows {
        UndoneRows((batch.ahead as? JournalPage)?.changes ?? [], policy, tables)
    }
}
