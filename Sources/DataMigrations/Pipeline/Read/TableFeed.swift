import Database

/// Reads a table along its key, inside the transaction that writes, so that nobody can change a row between our read and
/// our write: SQLite's write lock is taken first, and other databases lock the rows.
///
///     -- SQLite
///     SELECT "id", "id", "name" FROM "users" NOT INDEXED
///     WHERE (slug IS NULL) AND "id" > ? AND "id" <= ? ORDER BY "id" LIMIT 1000
///
///     -- PostgreSQL
///     SELECT "id", "xmin", "id", "name" FROM "users"
///     WHERE (slug IS NULL) AND "id" > $1 AND "id" <= $2 ORDER BY "id" LIMIT $3 FOR UPDATE
final class TableFeed<Row: Sendable>: BatchFeed {
    private let connection: any DatabaseConnection
    private let reading: TableReading<Row>
    private let walk: TableWalk
    private var after: [Value]?
    private let upTo: [Value]?
    /// Which of these locators were dealt with before; asked in sweeps.
    private let known: KnownLocators?
    /// Whether rows are locked, where transactions don't keep each other out.
    private let locks: Bool

    init(
        _ reading: TableReading<Row>,
        walk: TableWalk,
        after: [Value]?,
        upTo: [Value]?,
        connection: any DatabaseConnection,
        known: KnownLocators? = nil,
        locks: Bool = true
    ) {
        self.locks = locks
        self.reading = reading
        self.walk = walk
        self.after = after
        self.upTo = upTo
        self.connection = connection
        self.known = known
    }

    func begin(rows limit: Int) async throws -> LoadedBatch<Row>? {
        let page = walk.select(reading, after: after, upTo: upTo, limit: limit)
        let select = locks ? page + connection.dialect.lockClause : page
        let read = try await connection.run([.begin, .query(select, maximumBytes: byteBudget)])
        let rows = read[1].rows ?? Rows(columns: [])
        guard !rows.isEmpty else {
            try await connection.run([.rollback])
            return nil
        }
        var batch = walk.load(rows, reading)
        if let known { try await batch.exclude(known) }
        return batch
    }

    func committed(_ batch: LoadedBatch<Row>) { after = batch.table?.lastKey ?? after }
}

extension Dialect {
    /// ``rowLock`` behind a statement.
    var lockClause: SQL { rowLock.map { SQL(raw: " " + $0) } ?? "" }
}
