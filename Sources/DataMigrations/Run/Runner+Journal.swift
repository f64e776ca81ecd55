import Database
import Foundation

/// What a journal says of one row.
public struct JournaledRow: Sendable, Hashable, Codable {
    /// When the batch was committed, by the database's clock, in UTC.
    public var at: String
    /// The table.
    public var table: String
    /// The row's key, as a JSON object.
    public var key: String
    /// `changed`, `inserted` or `deleted`.
    public var kind: String
    /// What the row held before, as a JSON object; `nil` for one that was inserted.
    public var before: String?
    /// What was written, as a JSON object; `nil` for one that was inserted or deleted.
    public var after: String?
}

extension Runner {
    /// How much the journal of a migration holds: of all its runs whose work is still in the tables.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func journalSize(of version: String) async throws -> JournalSize {
        guard try await ledger.currentFormat() ?? 0 >= 2 else { return JournalSize() }
        return try await ledger.journalSize(of: ledger.standingRuns(of: version).map(\.id))
    }

    /// Calls `body` with what the journal of a migration says of a row, in the order in which it was written.
    ///
    /// - Parameters:
    ///   - entry: the migration.
    ///   - row: the row's key: its value, several with commas between, or a JSON object.
    ///   - body: takes one entry of the row.
    /// - Throws: ``MigrationError`` if the journal is damaged; ``/Database/DatabaseError``.
    public func journal(
        of entry: MigrationPlan.Entry,
        row: String,
        _ body: (JournaledRow) -> Void
    ) async throws {
        guard try await ledger.currentFormat() ?? 0 >= 2 else { return }
        let runs = try await ledger.standingRuns(of: entry.version).map(\.id)
        var last: Int64 = 0
        while true {
            let page = try await connection.query(
                """
                SELECT id, created_at, entry FROM data_migration_journal WHERE run_id IN \(runs) AND id > \(last)
                ORDER BY id LIMIT 20
                """
            )
            guard let end = page.last?[0].integer else { return }
            last = end
            for stored in page {
                guard case .blob(let bytes) = stored[2] else { continue }
                for change in try JournalEntry.changes(in: bytes) {
                    for found in change.rows(row, at: stored[1].text ?? "") { body(found) }
                }
            }
        }
    }

    /// Removes the journal of runs that ended before some time: they can't be rolled back by it any more.
    ///
    /// - Parameters:
    ///   - seconds: how long ago a run must have ended, by the database's clock.
    ///   - entry: the migration; all, if `nil`.
    /// - Returns: what was removed.
    /// - Throws: ``/Database/DatabaseError``.
    public func pruneJournal(olderThan seconds: Int, of entry: MigrationPlan.Entry? = nil) async throws -> JournalSize {
        var removed = JournalSize()
        guard try await ledger.currentFormat() != nil else { return removed }
        try await prepare()
        for run in try await ledger.prunableRuns(olderThan: seconds, of: entry?.version) {
            let size = try await ledger.journalSize(of: [run.id])
            // A journal that is there in part must not be taken for a whole one.
            try await inTransaction([ledger.markPruned(run), ledger.record(.pruned, of: run)])
            while try await connection.execute(ledger.deleteEntries(of: run)) > 0 {}
            removed += size
        }
        return removed
    }
}

extension Ledger {
    /// The runs that ended long enough ago, and have a journal, or what a process that was killed left of one.
    fileprivate func prunableRuns(olderThan seconds: Int, of version: String?) async throws -> [RunRecord] {
        let milliseconds = try await read("SELECT \(now)").first?[0].integer ?? 0
        let cutoff = Date(timeIntervalSince1970: Double(milliseconds) / 1_000 - Double(seconds))
        let only: SQL = version.map { " AND version = \($0)" } ?? ""
        return try await read(
            """
            SELECT * FROM data_migration_runs WHERE finished_at IS NOT NULL AND finished_at < \(cutoff)
            AND (journal = \(JournalState.on.rawValue) OR journal = \(JournalState.pruned.rawValue)
            AND EXISTS (SELECT 1 FROM data_migration_journal j WHERE j.run_id = data_migration_runs.id))\(only)
            AND (direction = \(RunDirection.up.rawValue) OR status = \(RunState.rolledBack.rawValue)) ORDER BY id
            """
        ).map(RunRecord.init)
    }

    fileprivate func markPruned(_ run: RunRecord) -> Statement {
        .execute("UPDATE data_migration_runs SET journal = \(JournalState.pruned.rawValue) WHERE id = \(run.id)")
    }

    /// Some at a time: entries are large.
    fileprivate func deleteEntries(of run: RunRecord) -> SQL {
        """
        DELETE FROM data_migration_journal WHERE id IN
        (SELECT id FROM data_migration_journal WHERE run_id = \(run.id) ORDER BY id LIMIT 100)
        """
    }
}

extension JournalChange {
    /// What it did to the row with a key.
    fileprivate func rows(_ key: String, at time: String) -> [JournaledRow] {
        let keys = keys
        return (0..<count).filter { row in
            let values = keys.row(row).map { $0.text ?? "" }
            return values.joined(separator: ",") == key || UndoProbe.text(keys, row) == key
        }.map { row in
            var found = JournaledRow(at: time, table: table, key: UndoProbe.text(keys, row), kind: "inserted")
            switch self {
            case .updated(let updated):
                found.kind = "changed"
                found.before = Self.text(updated.before, row)
                found.after = Self.text(updated.after, row)
            case .inserted: break
            case .deleted(let deleted):
                found.kind = "deleted"
                found.before = Self.text(deleted.rows, row)
            }
            return found
        }
    }

    private static func text(_ table: ValueTable, _ row: Int) -> String {
        StoredRow.text(columns: table.columns, values: table.row(row), from: 0)
    }
}
