import Database

/// `data_migration_journal`: one entry for each batch, with what it did to rows.
extension Ledger {
    var journalTables: [SQL] {
        let table = "data_migration_journal"
        // The entry stands last: SQLite need not read it to know the others.
        let create: SQL = """
            CREATE TABLE IF NOT EXISTS \(identifier: table) (\(key), run_id BIGINT NOT NULL, slice_id BIGINT NOT NULL, \
            rows_changed BIGINT NOT NULL, inflated BIGINT NOT NULL, bytes BIGINT NOT NULL, outside TEXT, \
            created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, \
            entry \(raw: connection.dialect.bytesType) NOT NULL)
            """
        let index: SQL = "CREATE INDEX IF NOT EXISTS data_migration_journal_run ON \(identifier: table) (run_id, id)"
        return [create, index] + [connection.dialect.uncompressed("entry", of: table)].compactMap { $0 }
    }

    /// Puts down what a batch did, if it did anything.
    func journal(_ entry: JournalEntry?, of run: RunRecord, slice: Int64) -> [Statement] {
        guard let entry, !entry.isEmpty else { return [] }
        return [
            .execute(
                """
                INSERT INTO data_migration_journal (run_id, slice_id, rows_changed, inflated, bytes, outside, entry)
                VALUES (\(run.id), \(slice), \(entry.rows), \(entry.inflated), \(entry.bytes.count),
                \(entry.outside.isEmpty ? nil : entry.outside.joined(separator: "\n")), \(Value.blob(entry.bytes)))
                """
            )
        ]
    }

    /// Notes a write beside the batches of a run; the first one is enough to know.
    func noteOutside(_ what: String, of run: RunRecord) -> Statement {
        .execute(
            "UPDATE data_migration_runs SET outside = \(String(what.prefix(200))) "
                + "WHERE id = \(run.id) AND outside IS NULL"
        )
    }

    /// The runs of a migration whose work is still in the tables, the oldest first: those behind the last one that was
    /// taken back.
    func standingRuns(of version: String) async throws -> [RunRecord] {
        try await read(
            """
            SELECT * FROM data_migration_runs WHERE version = \(version)
            AND id > (SELECT coalesce(max(id), 0) FROM data_migration_runs WHERE version = \(version)
            AND status = \(RunState.rolledBack.rawValue)) ORDER BY id
            """
        ).map(RunRecord.init)
    }

    /// What there is of the journal of some runs.
    func journalSize(of runs: [Int64]) async throws -> JournalSize {
        let rows = try await read(
            """
            SELECT count(*), coalesce(sum(rows_changed), 0), coalesce(sum(bytes), 0), coalesce(sum(inflated), 0),
            count(outside) FROM data_migration_journal WHERE run_id IN \(runs)
            """
        )
        let sums = rows.first?.values.map { Int($0.integer ?? 0) } ?? [0, 0, 0, 0, 0]
        return JournalSize(entries: sums[0], rows: sums[1], bytes: sums[2], inflated: sums[3], outside: sums[4])
    }

    /// What batches wrote that no journal can take back; some of it.
    func outsideWrites(of runs: [RunRecord]) async throws -> [String] {
        let rows = try await read(
            """
            SELECT DISTINCT outside FROM data_migration_journal
            WHERE run_id IN \(runs.map(\.id)) AND outside IS NOT NULL LIMIT 20
            """
        )
        let lines =
            runs.compactMap(\.outside) + rows.flatMap { ($0[0].text ?? "").split(separator: "\n").map(String.init) }
        var seen: Set<String> = []
        return lines.filter { seen.insert($0).inserted }
    }

    /// Marks older runs of a migration as taken back along with the newest one, and its bad rows as of no concern.
    func takenBack(_ runs: [RunRecord], newest: RunRecord) -> [Statement] {
        let ids = runs.map(\.id)
        let older = ids.filter { $0 != newest.id }
        let state = RunState.rolledBack.rawValue
        return
            (older.isEmpty
            ? [] : [.execute("UPDATE data_migration_runs SET status = \(state) WHERE id IN \(older)")])
            + [
                .execute(
                    """
                    UPDATE data_migration_quarantine SET status = \(state) WHERE run_id IN \(ids) AND status = 'open'
                    """
                )
            ]
    }
}

/// How much a journal holds.
public struct JournalSize: Sendable, Hashable, Codable {
    /// Entries: one a batch.
    public var entries = 0
    /// Rows in them.
    public var rows = 0
    /// Bytes as they are stored, compressed.
    public var bytes = 0
    /// Bytes before they were compressed.
    public var inflated = 0
    /// Batches that wrote something which the journal can't take back.
    public var outside = 0

    static func += (left: inout JournalSize, right: JournalSize) {
        left.entries += right.entries
        left.rows += right.rows
        left.bytes += right.bytes
        left.inflated += right.inflated
        left.outside += right.outside
    }
}
