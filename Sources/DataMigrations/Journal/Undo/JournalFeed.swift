import Database

/// Some entries of a journal, in the order in which they were written.
struct JournalPage: Sendable {
    var changes: [JournalChange]
    /// The number of the first one.
    var first: Int64
}

/// Reads the journal of some runs backwards.
struct JournalPages: Sendable {
    let connection: any DatabaseConnection
    let runs: [Int64]

    /// As much memory as a page takes, unless one entry takes more.
    private static var byteBudget: Int64 { 8 << 20 }

    /// The entries before one, as many as make up so many rows, and at least one; `nil` at the beginning.
    func page(before cursor: Int64, rows: Int) async throws -> JournalPage? {
        let entries = try await connection.query(
            """
            SELECT id, rows_changed, inflated FROM data_migration_journal WHERE run_id IN \(runs) AND id < \(cursor)
            ORDER BY id DESC LIMIT 200
            """
        )
        guard var first = entries.first?[0].integer else { return nil }
        var (count, bytes): (Int64, Int64) = (0, 0)
        for (place, entry) in entries.enumerated() {
            count += entry[1].integer ?? 0
            bytes += entry[2].integer ?? 0
            if place > 0, count > rows || bytes > Self.byteBudget { break }
            first = entry[0].integer ?? first
        }
        let page = try await connection.query(
            """
            SELECT entry FROM data_migration_journal WHERE run_id IN \(runs) AND id >= \(first) AND id < \(cursor)
            ORDER BY id
            """
        )
        var changes: [JournalChange] = []
        for entry in page {
            guard case .blob(let bytes) = entry[0] else { continue }
            changes += try JournalEntry.changes(in: bytes)
        }
        return JournalPage(changes: changes, first: first)
    }
}

/// Hands the entries of a journal out, the last ones first, to be taken back.
final class JournalFeed: BatchFeed {
    typealias Row = Int

    private let pages: JournalPages
    private var cursor: Int64
    /// The page that was handed out, until it is committed.
    private var current: JournalPage?

    init(_ pages: JournalPages, before cursor: Int64) {
        self.pages = pages
        self.cursor = cursor
    }

    func begin(rows: Int) async throws -> LoadedBatch<Int>? {
        if current == nil { current = try await pages.page(before: cursor, rows: rows) }
        guard let current else { return nil }
        // Rows of a table that refers to itself come back in any order.
        let deferral = pages.connection.dialect.deferringForeignKeys.map { [Statement.query($0)] } ?? []
        try await pages.connection.run([.begin] + deferral)
        let count = current.changes.reduce(0) { $0 + $1.count }
        var batch = LoadedBatch<Int>(
            count: count,
            cursor: String(current.first),
            locator: { String($0) },
            original: { _ in "" },
            decode: { DecodedRows(rows: Array($0), records: Array($0)) }
        )
        batch.ahead = current
        return batch
    }

    func committed(_ batch: LoadedBatch<Int>) {
        cursor = current?.first ?? cursor
        current = nil
    }
}
