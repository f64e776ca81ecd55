import Database

/// A row migration's `transform` and `resolve`.
struct RowWork<M: RowMigration>: BatchWork {
    typealias Row = M.RowModel

    let migration: M
    /// Whether before-images are kept.
    var keepsJournal = false
    /// Whether other workers take rows at the same time, now.
    var isShared: @Sendable () -> Bool = { false }
    /// How many rows are decoded, transformed and compared while those before them are being written.
    ///
    /// A database that is a process of its own is spared the statements: each costs it.
    private static func part(_ dialect: any Dialect) -> Int { dialect.rowLock == nil ? 1_000 : .max }

    func ahead(_ batch: LoadedBatch<Row>, connection: any DatabaseConnection) -> (any Sendable)? {
        // What fails here fails again in the batch's transaction, where it is dealt with.
        guard let rows = try? transformed(batch, 0..<batch.count) else { return nil }
        let mayConflict = rows.mayConflict()
        guard !mayConflict, !(keepsJournal && rows.isStoredOtherwise) else {
            if mayConflict { rows.prepareClaims() }
            return TransformedAhead(rows: rows)
        }
        let groups = rows.groups(0..<rows.count)
        return WrittenAhead(
            statements: groups.map { connection.encoded($0.statement) },
            changed: rows.count,
            faults: rows.faults,
            journal: keepsJournal ? rows.entry(groups) : nil
        )
    }

    func write(_ batch: LoadedBatch<Row>, in handle: Batch) async throws -> WrittenBatch {
        if let ahead = batch.ahead as? WrittenAhead {
            handle.count(ChangeCounters(changed: ahead.changed))
            if let entry = ahead.journal { handle.journal?.add(entry) }
            return WrittenBatch(rest: ahead.statements, faults: ahead.faults)
        }
        var written = WrittenBatch()
        let writer = WriteBehind(handle.connection)
        do {
            let part = min(batch.count, Self.part(handle.connection.dialect))
            for start in stride(from: 0, to: batch.count, by: part) {
                let ahead = (batch.ahead as? TransformedAhead<M>)?.rows
                let rows = try ahead ?? transformed(batch, start..<min(start + part, batch.count))
                if rows.mayConflict() {
                    // What the part before claims, and gives up, must be in the table before this one asks.
                    try await writer.send(written.rest)
                    written.rest = []
                    try await writer.settle()
                    try await UniqueProbe(rows: rows, table: rows.table, connection: handle.connection).run()
                }
                written.faults += rows.faults
                try await writer.send(written.rest)
                written.rest = try await rows.write(0..<rows.count, in: handle)
            }
            try await writer.settle()
        } catch {
            _ = try? await writer.settle()
            throw error
        }
        return written
    }

    func prepare(_ batch: LoadedBatch<Row>, connection: any DatabaseConnection) async throws -> any PreparedBatch {
        let rows = try transformed(batch, 0..<batch.count)
        try await UniqueProbe(rows: rows, table: rows.table, connection: connection).run()
        return rows
    }

    private func transformed(_ batch: LoadedBatch<Row>, _ records: Range<Int>) throws -> TransformedRows<M> {
        guard let table = batch.table else { throw ModelError("the rows of a row migration come from a table") }
        return try TransformedRows(batch, records, table: table, migration: migration, isShared: isShared)
    }
}

/// The rows of a batch that was transformed before its transaction began, ready to be sent.
private struct WrittenAhead: Sendable {
    let statements: [Statement]
    let changed: Int
    let faults: [QuarantinedRow]
    let journal: JournalEntry?
}

/// The same for rows that may be in conflict with others: that is to be asked in the transaction.
///
/// Unchecked: whoever made the rows has let go of them.
private struct TransformedAhead<M: RowMigration>: @unchecked Sendable {
    let rows: TransformedRows<M>
}

/// Rows that change in the same columns.
struct UpdateGroup {
    let mask: ColumnSet
    /// The columns, by their place in the model.
    let columns: [Int]
    var update: BulkUpdate
    /// The values that the columns have now.
    var before: [Value] = []

    var statement: Statement { Statement(.update(update), expectedChanges: update.count) }

    func change(_ table: TableRows) -> JournalChange {
        .updated(
            UpdatedRows(
                table: update.table,
                keys: ValueTable(update.keyColumns, update.keys),
                before: ValueTable(update.columns, before),
                after: ValueTable(update.columns, update.values)
            )
        )
    }
}

/// The rows of a batch, or of a part of it, as `transform` left them, and what changed in each.
final class TransformedRows<M: RowMigration>: PreparedBatch {
    let table: TableRows
    private let batch: LoadedBatch<M.RowModel>
    private let migration: M
    private let isShared: @Sendable () -> Bool
    private let detector: ChangeDetector<M.RowModel>
    private(set) var faults: [QuarantinedRow]
    /// The records whose columns changed, in the order of the key.
    private(set) var changed: [Int] = []
    private var models: [M.RowModel] = []
    /// What the rows want of unique keys, where that was found out ahead of time.
    var preparedClaims: [[String]: [UniqueClaim]] = [:]
    /// For each of `changed`, which columns.
    private var masks: [ColumnSet] = []
    /// For each of `changed`, the values of all columns, one row behind the other.
    private var values = ValueGrid()

    init(
        _ batch: LoadedBatch<M.RowModel>,
        _ records: Range<Int>,
        table: TableRows,
        migration: M,
        isShared: @escaping @Sendable () -> Bool
    ) throws {
        self.isShared = isShared
        self.batch = batch
        self.table = table
        self.migration = migration
        detector = ChangeDetector(table)
        let decoded = batch.rows(records)
        faults = decoded.faults.map { batch.quarantined($0.record, error: $0.error) }
        for (var model, record) in zip(decoded.rows, decoded.records) {
            do {
                try migration.transform(&model)
                let mask = try detector.changes(of: model, record: record)
                guard !mask.isEmpty else { continue }
                changed.append(record)
                models.append(model)
                masks.append(mask)
                values.append(detector.values)
            } catch  where Fault.isRowFault(error) {
                faults.append(batch.quarantined(record, error: error))
            }
        }
    }

    var count: Int { changed.count }

    func write(_ range: Range<Int>, in handle: Batch) async throws -> [Statement] {
        let groups = groups(range)
        handle.count(ChangeCounters(changed: groups.reduce(0) { $0 + $1.update.count }))
        guard let journal = handle.journal else { return groups.map(\.statement) }
        guard table.schema.lastingKey != nil else {
            journal.addOutside("UPDATE \(table.schema.name), which has no key")
            return groups.map(\.statement)
        }
        guard isStoredOtherwise else {
            for group in groups { journal.add(group.change(table)) }
            return groups.map(\.statement)
        }
        for group in groups {
            try await JournaledUpdate(group.update, journal, handle.connection).run(expecting: group.update.count)
        }
        return []
    }

    /// Whether the row that is stored may be another one than what is sent.
    var isStoredOtherwise: Bool { !table.schema.triggers.isEmpty || table.schema.isPlace(table.keyset.columns) }

    /// The rows that change in the same columns.
    func groups(_ range: Range<Int>) -> [UpdateGroup] {
        var groups: [UpdateGroup] = []
        for index in range where !masks[index].isEmpty {
            let mask = masks[index]
            // Nearly always the one there is: rows of a batch change in the same columns.
            let group = groups.firstIndex { $0.mask == mask } ?? groups.count
            if group == groups.count {
                let columns = mask.indices(below: detector.columns.count)
                let names = columns.map { detector.columns[$0] }
                var update = BulkUpdate(table.schema.name, keyColumns: table.keyset.columns, columns: names)
                update.version = table.schema.rowVersion
                groups.append(UpdateGroup(mask: mask, columns: columns, update: update))
            }
            table.appendKey(changed[index], to: &groups[group].update.keys)
            table.appendVersion(changed[index], to: &groups[group].update.versions)
            for column in groups[group].columns {
                groups[group].update.values.append(values[index, column])
                groups[group].before.append(detector.image(column, record: changed[index]))
            }
        }
        return groups
    }

    /// What is put down of them.
    func entry(_ groups: [UpdateGroup]) -> JournalEntry {
        JournalEntry(groups.map { $0.change(table) })
    }

    func mend(_ index: Int, after error: any Error, attempt: Int) throws -> Bool {
        guard let error = error as? DatabaseError, error.code == .uniqueViolation, attempt < 5 else { return false }
        let columns = error.constraint?.columns ?? detector.columns
        try resolve(index, columns: columns, attempt: attempt)
        return true
    }

    func quarantined(_ index: Int, error: any Error) -> QuarantinedRow {
        if error.isUnwritten {
            let reason = "\(table.schema.name) did not take the row: a trigger ignores it, or row security forbids it"
            return batch.quarantined(changed[index], error: RefusedRow(description: reason))
        }
        return batch.quarantined(changed[index], error: error)
    }
}

// MARK: - Unique conflicts

extension TransformedRows {
    /// Whether any row changes a unique column.
    func mayConflict() -> Bool {
        table.schema.uniqueKeys.contains { $0 != table.keyset.columns && changes($0) }
    }

    /// Whether any row changes one of these columns.
    func changes(_ columns: [String]) -> Bool {
        let wanted = columns.compactMap { detector.columns.firstIndex(of: $0) }
        return masks.contains { mask in wanted.contains { mask.contains($0) } }
    }

    /// The new values of some columns of a changed row, and the old ones; `nil` if the model lacks one of them.
    func values(of columns: [String], at index: Int) -> (new: [Value], old: [Value])? {
        let indices = columns.compactMap { detector.columns.firstIndex(of: $0) }
        guard indices.count == columns.count else { return nil }
        let record = changed[index]
        let old = indices.map { column in detector.stored(column, record: record) }
        return (indices.map { values[index, $0] }, old)
    }

    /// The key of a changed row.
    func key(at index: Int) -> [Value] { table.key(changed[index]) }

    /// Lets the author change a row once more.
    func resolve(_ index: Int, columns: [String], attempt: Int) throws {
        let conflict = UniqueConflict(table: table.schema.name, columns: columns, attempt: attempt)
        try migration.resolve(conflict, for: &models[index])
        // Who comes first gets the value: that is the lowest key only where rows are taken in the order of the key.
        guard !isShared() else {
            throw MigrationError(
                .mismatch,
                "\(M.self) resolves conflicts of \(table.schema.name), whose rows must be taken in order then; run it with "
                    + "--workers 1"
            )
        }
        masks[index] = try detector.changes(of: models[index], record: changed[index])
        values.replace(index, with: detector.values)
    }

    /// Puts a row aside before anything is written.
    func discard(_ index: Int, error: any Error) {
        faults.append(batch.quarantined(changed[index], error: error))
        masks[index] = ColumnSet()
    }
}
