import Database

/// A table as a whole, `kind = 'whole'`, and the ranges that workers cut of it, one after another.
extension Ledger {
    /// Takes a part of a step that nobody works on: one that was given back, whose lease has ended, or whose owner is gone.
    ///
    ///     UPDATE data_migration_slices SET owner = …, epoch = epoch + 1, …
    ///     WHERE id = (SELECT id … LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *
    ///
    /// Workers do not wait for each other here: a row that another one is taking is passed over.
    func claimPart(of run: RunRecord, step: String) async throws -> SliceRecord? {
        let owners = try await read(
            """
            SELECT DISTINCT owner FROM data_migration_slices
            WHERE run_id = \(run.id) AND step = \(step) AND status = 'open' AND owner IS NOT NULL
            """
        ).compactMap { $0[0].text }
        let gone = owners.filter { Owner(name: $0)?.isGone ?? false }
        return try await connection.query(
            """
            UPDATE data_migration_slices SET owner = \(owner.name), epoch = epoch + 1,
            lease_until = \(leaseEnd)
            WHERE id = (SELECT id FROM data_migration_slices
            WHERE run_id = \(run.id) AND step = \(step) AND kind = \(SliceKind.table.rawValue) AND status = 'open'
            AND (owner IS NULL OR owner = \(owner.name) OR lease_until < \(now) OR owner IN \(gone))
            AND EXISTS (SELECT 1 FROM data_migration_runs WHERE id = \(run.id) AND status IN ('running', 'rolling_back'))
            ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *
            """
        ).first.map(SliceRecord.init)
    }

    /// Cuts the next part off a table, and takes it; `nil` if all is cut.
    ///
    /// `boundary` tells where a part that starts behind `after` ends; `nil` behind the last one.
    func cutPart(
        of run: RunRecord,
        step: String,
        boundary: (_ after: String?, _ upTo: String?) async throws -> String?
    ) async throws -> SliceRecord? {
        let open: SQL = """
            SELECT * FROM data_migration_slices WHERE run_id = \(run.id) AND step = \(step)
            AND kind = \(SliceKind.whole.rawValue) AND status = 'open'
            AND EXISTS (SELECT 1 FROM data_migration_runs WHERE id = \(run.id) AND status IN ('running', 'rolling_back'))
            """
        // Mostly there is none: workers ask until the last part is done.
        guard try await !connection.query(open).isEmpty else { return nil }
        do {
            try await connection.run([.begin])
            let lock = connection.dialect.lockClause
            guard let whole = try await connection.query(open + lock).first.map(SliceRecord.init) else {
                try await connection.run([.rollback])
                return nil
            }
            let start = whole.cursor ?? whole.lower
            guard whole.upper != nil, let end = try await boundary(start, whole.upper) else {
                try await connection.run([
                    .execute("UPDATE data_migration_slices SET status = 'done' WHERE id = \(whole.id)"), .commit,
                ])
                return nil
            }
            let part = try await connection.run([
                .query(
                    """
                    INSERT INTO data_migration_slices (run_id, step, number, kind, key_columns, lower_bound, upper_bound,
                    empties, owner, lease_until, epoch)
                    SELECT run_id, step, (SELECT max(number) + 1 FROM data_migration_slices
                    WHERE run_id = \(run.id) AND step = \(step)), \(SliceKind.table.rawValue), key_columns,
                    \(start), \(end), (SELECT empties FROM data_migration_slices WHERE run_id = \(run.id)
                    AND step = \(step) AND empties IS NOT NULL ORDER BY number DESC LIMIT 1),
                    \(owner.name), \(leaseEnd), 1
                    FROM data_migration_slices WHERE id = \(whole.id) RETURNING *
                    """
                ),
                .execute("UPDATE data_migration_slices SET \(identifier: "cursor") = \(end) WHERE id = \(whole.id)"),
                .commit,
            ])
            return part[0].rows?.first.map(SliceRecord.init)
        } catch {
            _ = try? await connection.run([.rollback])
            throw error
        }
    }
}
