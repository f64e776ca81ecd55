import Database

/// Where a block of a table begins, as the database writes the place of a row: `(17,0)`.
struct BlockPosition: Sendable, Hashable {
    let block: Int

    init(_ block: Int) { self.block = block }

    /// The block of a row; `nil` if the value is no place of one.
    init?(_ values: [Value]) {
        // PostgreSQL counts blocks in 32 bits; the place behind the last one needs one more.
        guard let text = values.first?.text, text.hasPrefix("("),
            let block = Int(text.dropFirst().prefix { $0.isNumber }), block <= 1 << 32
        else { return nil }
        self.block = block
    }

    var text: String { "(\(block),0)" }

    /// As a bound, or a cursor, in the ledger.
    var stored: String { StoredValue.text(of: [.text(text)]) }
}

/// Reads a table that has no key, some blocks at a time, in the transaction that writes.
///
///     SELECT "ctid", "xmin", "name" FROM "log" WHERE "ctid" > '(0,0)' AND "ctid" < '(40,0)' FOR UPDATE
///
/// PostgreSQL finds them without an index from version 14 on; before that, it scans the table for each batch.
final class BlockFeed<Row: Sendable>: BatchFeed {
    private let connection: any DatabaseConnection
    private let reading: TableReading<Row>
    private let walk: TableWalk
    private var next: Int
    private let end: Int
    private let after: [Value]?
    private let upTo: [Value]?
    /// Where the batch that was handed out ends.
    private var reached = 0
    /// How many rows a block has, as far as is known: few, so that the first batch is small.
    private var rowsPerBlock = 100.0
    /// Which of these locators were dealt with before; asked in sweeps.
    private let known: KnownLocators?

    init(
        _ reading: TableReading<Row>,
        walk: TableWalk,
        after: [Value]?,
        upTo: [Value]?,
        connection: any DatabaseConnection,
        known: KnownLocators?
    ) {
        self.known = known
        self.reading = reading
        self.walk = walk
        self.connection = connection
        next = after.flatMap(BlockPosition.init)?.block ?? 0
        // The last row's block is read, too; a bound of `(17,0)` means that block 16 was the last one.
        end = upTo.flatMap(BlockPosition.init).map { $0.block + 1 } ?? 0
        self.after = after
        self.upTo = upTo
    }

    func begin(rows limit: Int) async throws -> LoadedBatch<Row>? {
        while next < end {
            let count = max(1, Int(Double(limit) / max(1, rowsPerBlock)))
            let blocks = next..<min(end, next + count)
            let select = walk.select(reading, blocks: blocks, after: after, upTo: upTo) + connection.dialect.lockClause
            let rows = try await connection.run([.begin, .query(select)])[1].rows ?? Rows(columns: [])
            rowsPerBlock = Double(rows.count) / Double(blocks.count)
            reached = blocks.upperBound
            guard rows.isEmpty else {
                var batch = walk.load(rows, reading)
                batch.cursor = BlockPosition(reached).stored
                if let known { try await batch.exclude(known) }
                return batch
            }
            try await connection.run([.rollback])
            next = reached
        }
        return nil
    }

    func committed(_ batch: LoadedBatch<Row>) { next = reached }
}
