import Database

/// `data_migration_runs`: a row for each time that a migration was started, resumptions included in it.
extension Ledger {
    var runsTable: SQL {
        """
        CREATE TABLE IF NOT EXISTS data_migration_runs (\(key), version VARCHAR(255) NOT NULL, \
        name VARCHAR(255) NOT NULL, direction VARCHAR(8) NOT NULL, status VARCHAR(16) NOT NULL, \
        arguments TEXT NOT NULL, source_checksum VARCHAR(64), input_fingerprint TEXT, \
        started_by VARCHAR(255) NOT NULL, host VARCHAR(255) NOT NULL, process INTEGER NOT NULL, \
        started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, finished_at TIMESTAMP, error TEXT, \
        \(journalColumn), outside TEXT, verification VARCHAR(16), verified_at TIMESTAMP, settings TEXT)
        """
    }

    var journalColumn: SQL { "journal VARCHAR(16) NOT NULL DEFAULT 'none'" }

    /// The newest run of a migration.
    func latestRun(of version: String) async throws -> RunRecord? {
        let rows = try await read(
            "SELECT * FROM data_migration_runs WHERE version = \(version) ORDER BY id DESC LIMIT 1"
        )
        return rows.first.map(RunRecord.init)
    }

    /// The newest run of each migration.
    func latestRuns() async throws -> [RunRecord] {
        try await read(
            """
            SELECT * FROM data_migration_runs
            WHERE id IN (SELECT max(id) FROM data_migration_runs GROUP BY version) ORDER BY version
            """
        ).map(RunRecord.init)
    }

    func startRun(
        version: String,
        name: String,
        direction: RunDirection,
        arguments: BoundArguments = BoundArguments(),
        checksum: String?,
        journal: JournalState,
        after latest: RunRecord?
    ) async throws -> RunRecord {
        // At most one of those who start it at the same moment finds no newer run.
        let insert: SQL = """
            INSERT INTO data_migration_runs
            (version, name, direction, status, arguments, source_checksum, journal, started_by, host, process)
            SELECT \(version), \(name), \(direction.rawValue), \(RunState.running.rawValue),
            \(arguments.json), \(checksum), \(journal.rawValue), \(Owner.user), \(owner.host), \(owner.process)
            WHERE NOT EXISTS (SELECT 1 FROM data_migration_runs WHERE version = \(version) AND id > \(latest?.id ?? 0))
            RETURNING *
            """
        let begin = begin(alone: version)
        let rows: Rows?
        do {
            rows = try await connection.run(begin + [.query(insert), .commit])[begin.count].rows
        } catch {
            _ = try? await connection.run([.rollback])
            throw error
        }
        guard let run = rows?.first.map(RunRecord.init) else {
            throw MigrationError(
                .held,
                "\(name) was started by another process at the same moment; wait for it, then try again"
            )
        }
        return run
    }

    /// Moves a run along an edge of ``RunState``.
    ///
    /// - Throws: ``MigrationError`` if there is no such edge.
    ///
    /// With a lease, the run is left as it is if another process has taken it over since.
    func move(
        _ run: RunRecord,
        to state: RunState,
        error: String? = nil,
        under lease: Lease? = nil
    ) throws -> Statement {
        guard run.status == state || run.status.allows(state) else {
            throw MigrationError(.state, "\(run.name) is \(run.status.rawValue) and can't become \(state.rawValue)")
        }
        // A verdict is about what the run left, which changes from here on.
        let forgetsVerdict = [.running, .rolledBack].contains(state)
        return .execute(
            """
            UPDATE data_migration_runs SET status = \(state.rawValue), error = \(error),
            finished_at = \(raw: state.isOver ? "CURRENT_TIMESTAMP" : state == .rollingBack ? "finished_at" : "NULL")\
            \(raw: forgetsVerdict ? ", verification = NULL, verified_at = NULL" : "")
            WHERE id = \(run.id)\(fence(lease))
            """
        )
    }

    /// A condition more that holds while a lease does.
    func fence(_ lease: Lease?) -> SQL {
        guard let lease else { return "" }
        return " AND EXISTS (SELECT 1 FROM data_migration_slices WHERE id = \(lease.slice) AND epoch = \(lease.epoch))"
    }

    func save(_ arguments: BoundArguments, of run: RunRecord) -> Statement {
        .execute("UPDATE data_migration_runs SET arguments = \(arguments.json) WHERE id = \(run.id)")
    }

    func saveFingerprint(_ fingerprint: String?, of run: RunRecord) -> Statement {
        .execute("UPDATE data_migration_runs SET input_fingerprint = \(fingerprint) WHERE id = \(run.id)")
    }

    func saveChecksum(_ checksum: String?, of run: RunRecord) -> Statement {
        .execute("UPDATE data_migration_runs SET source_checksum = \(checksum) WHERE id = \(run.id)")
    }
}
