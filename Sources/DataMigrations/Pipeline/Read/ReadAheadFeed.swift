import Database

/// Reads a table along its key on a connection of its own, while the batch before is being written.
///
///     SELECT "id", "xmin", "id", "name" FROM "users"
///     WHERE (slug IS NULL) AND "id" > $1 AND "id" <= $2 ORDER BY "id" LIMIT $3
///
/// Nothing is locked: the write finds a row by its key and its version, and a row that somebody else changed meanwhile is
/// not found. Then the same rows are read again, locked this time, inside the transaction that writes them.
final class ReadAheadFeed<Row: Sendable>: BatchFeed {
    private let connection: any DatabaseConnection
    private let reader: any DatabaseConnection
    private let reading: TableReading<Row>
    private let walk: TableWalk
    private var after: [Value]?
    private let upTo: [Value]?
    /// The batch that was handed out, until it is committed.
    private var current: LoadedBatch<Row>?
    private var next: Task<LoadedBatch<Row>?, any Error>?
    private let work: any BatchWork<Row>
    /// The bytes that a row takes, as far as is known.
    private var bytesPerRow = 0
    private(set) var isOptimistic = false
    /// How many rows the first batches have: nothing is being written while the first one is read, so it is small; and
    /// the next ones are as much larger as reading is faster than writing.
    private var ramp = 1_000

    init(
        _ reading: TableReading<Row>,
        walk: TableWalk,
        after: [Value]?,
        upTo: [Value]?,
        connection: any DatabaseConnection,
        reader: any DatabaseConnection,
        work: any BatchWork<Row>
    ) {
        self.work = work
        self.reading = reading
        self.walk = walk
        self.after = after
        self.upTo = upTo
        self.connection = connection
        self.reader = reader
    }

    func begin(rows limit: Int) async throws -> LoadedBatch<Row>? {
        if let current {
            await discardNext()
            if let again = try await reload(current, limit: limit) { return again }
            // Its rows are gone.
            committed(current)
        }
        let reading = next ?? read(after: after, limit: limit)
        // One that failed is not asked again: another attempt reads anew.
        next = nil
        let batch = try await reading.value
        guard let batch else { return nil }
        bytesPerRow = (batch.table?.rows.byteCount ?? 0) / batch.count
        current = batch
        isOptimistic = true
        next = read(after: batch.table?.lastKey, limit: limit)
        try await connection.run([.begin])
        return batch
    }

    func committed(_ batch: LoadedBatch<Row>) {
        after = batch.table?.lastKey ?? after
        current = nil
    }

    /// Waits for what is being read, so that the connection is free.
    func discardNext() async {
        _ = try? await next?.value
        next = nil
    }

    private func read(after: [Value]?, limit: Int) -> Task<LoadedBatch<Row>?, any Error> {
        // What the budget cuts off would be sent for nothing.
        let affordable = bytesPerRow == 0 ? limit : max(1, min(limit, byteBudget / bytesPerRow))
        let limit = min(affordable, ramp)
        if ramp < 1_000_000 { ramp = ramp * 5 / 2 }
        let select = walk.select(reading, after: after, upTo: upTo, limit: limit)
        return Task { [connection, reader, reading, walk, work, byteBudget] in
            let read = try await reader.run([.query(select, maximumBytes: byteBudget)])
            guard let rows = read[0].rows, !rows.isEmpty else { return nil }
            var batch = walk.load(rows, reading)
            batch.ahead = work.ahead(batch, connection: connection)
            return batch
        }
    }

    /// The same range once more, with its rows locked; `nil` if none is left, outside of a transaction then.
    private func reload(_ batch: LoadedBatch<Row>, limit: Int) async throws -> LoadedBatch<Row>? {
        let select = walk.select(reading, after: after, upTo: batch.table?.lastKey, limit: limit)
        let read = try await connection.run([
            .begin, .query(select + connection.dialect.lockClause, maximumBytes: byteBudget),
        ])
        guard let rows = read[1].rows, !rows.isEmpty else {
            try await connection.run([.rollback])
            return nil
        }
        let again = walk.load(rows, reading)
        current = again
        isOptimistic = false
        return again
    }
}
