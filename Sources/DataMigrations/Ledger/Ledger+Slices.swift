import Database

/// `data_migration_slices`: the parts of a run, each with its bounds, how far it came, and who works on it.
extension Ledger {
    var slicesTable: SQL {
        """
        CREATE TABLE IF NOT EXISTS data_migration_slices (\(key), run_id BIGINT NOT NULL, \
        step VARCHAR(255) NOT NULL, number INTEGER NOT NULL, kind VARCHAR(16) NOT NULL, key_columns TEXT, \
        lower_bound TEXT, upper_bound TEXT, \(identifier: "cursor") TEXT, position BIGINT, \
        empties INTEGER, total BIGINT, status VARCHAR(16) NOT NULL DEFAULT 'open', \
        owner VARCHAR(255), lease_until BIGINT NOT NULL DEFAULT 0, epoch BIGINT NOT NULL DEFAULT 0, \
        batches BIGINT NOT NULL DEFAULT 0, visited BIGINT NOT NULL DEFAULT 0, changed BIGINT NOT NULL DEFAULT 0, \
        inserted BIGINT NOT NULL DEFAULT 0, deleted BIGINT NOT NULL DEFAULT 0, skipped BIGINT NOT NULL DEFAULT 0, \
        quarantined BIGINT NOT NULL DEFAULT 0, waiting TEXT, UNIQUE (run_id, step, number))
        """
    }

    /// Opens a part of a run; one that exists stays as it is.
    func openSlice(_ slice: NewSlice, of run: RunRecord) async throws {
        try await connection.execute(
            """
            INSERT INTO data_migration_slices
            (run_id, step, number, kind, key_columns, lower_bound, upper_bound, total)
            VALUES (\(run.id), \(slice.step), \(slice.number), \(slice.kind.rawValue),
            \(slice.keyColumns.map(KeyColumns.text)), \(slice.lower), \(slice.upper), \(slice.total))
            ON CONFLICT (run_id, step, number) DO NOTHING
            """
        )
    }

    /// A part as it is now; with `lock` behind the query, once the transaction that is changing it is over.
    func reread(_ slice: Int64, lock: SQL) async throws -> SliceRecord? {
        try await read("SELECT * FROM data_migration_slices WHERE id = \(slice)\(lock)")
            .first.map(SliceRecord.init)
    }

    /// The parts of a step, in order.
    func slices(of run: RunRecord, step: String? = nil) async throws -> [SliceRecord] {
        let condition: SQL = step.map { " AND step = \($0)" } ?? ""
        return try await read(
            "SELECT * FROM data_migration_slices WHERE run_id = \(run.id)\(condition) ORDER BY id"
        ).map(SliceRecord.init)
    }

    /// What the parts of a run did in all; of one that is taken back, what taking it back did.
    func counters(of run: RunRecord) async throws -> ChangeCounters {
        let isDown: SQL = run.direction == .down ? "LIKE" : "NOT LIKE"
        let rows = try await read(
            """
            SELECT sum(visited), sum(changed), sum(inserted), sum(deleted), sum(skipped), sum(quarantined)
            FROM data_migration_slices WHERE run_id = \(run.id) AND step \(isDown) \(RunContext.downPrefix + "%")
            """
        )
        let sums = rows.first?.values.map { Int($0.integer ?? 0) } ?? Array(repeating: 0, count: 6)
        return ChangeCounters(
            visited: sums[0],
            changed: sums[1],
            inserted: sums[2],
            deleted: sums[3],
            skipped: sums[4],
            quarantined: sums[5]
        )
    }

    /// Saves how far a part came, renews its lease, and raises if somebody else has taken it over meanwhile.
    ///
    /// Stands last before COMMIT.
    func advance(_ lease: Lease, cursor: String, position: Int?, empties: Bool?, by counters: ChangeCounters)
        -> Statement
    {
        .execute(
            """
            UPDATE data_migration_slices SET \(identifier: "cursor") = \(cursor), position = \(position),
            empties = coalesce(\(empties), empties), batches = batches + 1, visited = visited + \(counters.visited),
            changed = changed + \(counters.changed), inserted = inserted + \(counters.inserted),
            deleted = deleted + \(counters.deleted), skipped = skipped + \(counters.skipped),
            quarantined = quarantined + \(counters.quarantined), lease_until = \(leaseEnd)
            WHERE id = \(lease.slice) AND epoch = \(lease.epoch)
            """,
            expectedChanges: 1
        )
    }

    /// Saves why a part waits; `nil` for one that goes on.
    func note(waiting reason: String?, for lease: Lease) -> Statement {
        .execute(
            """
            UPDATE data_migration_slices SET waiting = \(reason)
            WHERE id = \(lease.slice) AND epoch = \(lease.epoch)
            """
        )
    }

    /// Adds to a part's counters.
    func add(_ counters: ChangeCounters, to slice: Int64) -> Statement {
        .execute(
            """
            UPDATE data_migration_slices SET changed = changed + \(counters.changed),
            inserted = inserted + \(counters.inserted), deleted = deleted + \(counters.deleted),
            skipped = skipped + \(counters.skipped) WHERE id = \(slice)
            """
        )
    }

    /// Closes a part for good.
    func finish(_ lease: Lease) -> Statement {
        .execute(
            """
            UPDATE data_migration_slices SET status = 'done', owner = NULL, lease_until = 0, waiting = NULL
            WHERE id = \(lease.slice) AND epoch = \(lease.epoch)
            """,
            expectedChanges: 1
        )
    }
}
