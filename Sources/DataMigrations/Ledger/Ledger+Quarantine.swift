import Database

/// `data_migration_quarantine`: the rows that could not be processed, until somebody retries or accepts them.
extension Ledger {
    var quarantineTable: SQL {
        """
        CREATE TABLE IF NOT EXISTS data_migration_quarantine (\(key), run_id BIGINT NOT NULL, slice_id BIGINT NOT NULL, \
        step VARCHAR(255) NOT NULL, locator TEXT NOT NULL, original TEXT NOT NULL, error TEXT NOT NULL, \
        status VARCHAR(16) NOT NULL DEFAULT 'open', attempts INTEGER NOT NULL DEFAULT 1, \
        created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)
        """
    }

    /// Puts rows aside; on a way back, they stay as they are for good.
    func quarantine(_ rows: [QuarantinedRow], of run: RunRecord, slice: Int64, step: String) -> [Statement] {
        let status = step.hasPrefix(RunContext.downPrefix) ? "skipped" : "open"
        guard !rows.isEmpty else { return [] }
        let values = rows.flatMap { row -> [Value] in
            [
                .integer(run.id), .integer(slice), .text(step), .text(row.locator), .text(row.original),
                .text(row.error), .text(status),
            ]
        }
        let columns = ["run_id", "slice_id", "step", "locator", "original", "error", "status"]
        return [.insert(BulkInsert(into: "data_migration_quarantine", columns: columns, values: values))]
    }

    /// How many rows of a run wait for somebody.
    func openQuarantine(of run: RunRecord) async throws -> Int {
        try await quarantinedCount(of: run, "status = 'open'")
    }

    /// How many rows of a step were put aside, and are not processed since.
    func quarantinedCount(of run: RunRecord, step: String) async throws -> Int {
        try await quarantinedCount(of: run, "step = \(step) AND status <> 'retried'")
    }

    /// How many rows of a run could not be taken back.
    func conflicts(of run: RunRecord) async throws -> Int {
        try await quarantinedCount(of: run, "status = 'skipped'")
    }

    private func quarantinedCount(of run: RunRecord, _ condition: SQL) async throws -> Int {
        let rows = try await read(
            "SELECT count(*) FROM data_migration_quarantine WHERE run_id = \(run.id) AND \(condition)"
        )
        return Int(rows.first?[0].integer ?? 0)
    }

    /// The rows of a run that wait for somebody, from `id` on.
    func quarantined(
        of run: RunRecord,
        status: String = "open",
        after id: Int64 = 0,
        limit: Int = 1_000
    ) async throws -> [QuarantineRecord] {
        try await read(
            """
            SELECT id, slice_id, step, locator, original, error FROM data_migration_quarantine
            WHERE run_id = \(run.id) AND status = \(status) AND id > \(id) ORDER BY id LIMIT \(limit)
            """
        ).map(QuarantineRecord.init)
    }

    /// Which of these rows were put aside in this run, whatever became of them.
    func quarantinedLocators(among locators: [String], of run: RunRecord, step: String) async throws -> Set<String> {
        var found: Set<String> = []
        for chunk in locators.chunked(by: connection.dialect.maximumBoundValues - 2) {
            let rows = try await read(
                """
                SELECT locator FROM data_migration_quarantine
                WHERE run_id = \(run.id) AND step = \(step) AND status <> 'retried' AND locator IN \(chunk)
                """
            )
            for row in rows { found.insert(row[0].text ?? "") }
        }
        return found
    }

    /// A row was processed after all.
    func settle(_ row: QuarantineRecord) -> Statement {
        .execute(
            """
            UPDATE data_migration_quarantine SET status = 'retried', attempts = attempts + 1
            WHERE id = \(row.id) AND status = 'open'
            """,
            expectedChanges: 1
        )
    }

    /// Whether a row still waits for somebody; it is locked, where the database locks rows.
    func isOpen(_ row: QuarantineRecord) async throws -> Bool {
        try await !connection.query(
            """
            SELECT 1 FROM data_migration_quarantine WHERE id = \(row.id) AND status = 'open'\(connection.dialect.lockClause)
            """
        ).isEmpty
    }

    /// A row failed once more.
    func fail(_ row: QuarantineRecord, error: String) -> Statement {
        .execute(
            """
            UPDATE data_migration_quarantine SET attempts = attempts + 1, error = \(error) WHERE id = \(row.id)
            """
        )
    }

    /// Somebody lives with the rows as they are.
    func acceptQuarantine(of run: RunRecord) -> Statement {
        .execute(
            """
            UPDATE data_migration_quarantine SET status = 'accepted' WHERE run_id = \(run.id) AND status = 'open'
            """
        )
    }
}

/// A row that is put aside.
public struct QuarantinedRow: Sendable, Hashable {
    /// What a person finds it by: its key, or its line.
    public var locator: String
    /// The row as it was.
    public var original: String
    /// What is wrong with it.
    public var error: String
}

/// A row of `data_migration_quarantine`.
struct QuarantineRecord: Sendable {
    var id: Int64
    var slice: Int64
    var step: String
    var row: QuarantinedRow

    init(_ row: Row) {
        id = row["id"].integer ?? 0
        slice = row["slice_id"].integer ?? 0
        step = row["step"].text ?? ""
        self.row = QuarantinedRow(
            locator: row["locator"].text ?? "",
            original: row["original"].text ?? "",
            error: row["error"].text ?? ""
        )
    }
}
