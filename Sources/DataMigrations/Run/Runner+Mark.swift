import Database

extension Runner {
    /// Records a migration as executed without running it: for a database whose rows are already as it would leave
    /// them, such as one that was loaded from a dump.
    ///
    /// The record is a run that did nothing, with an event that tells who made it. It is not verified:
    /// ``require(_:in:)-(String...,_)`` refuses it until ``verify(_:)`` passes.
    ///
    /// - Parameter entry: the migration.
    /// - Returns: whether it was recorded; not, if it was before.
    /// - Throws: ``MigrationError`` if it was begun, and neither ended nor taken back; ``/Database/DatabaseError``.
    @discardableResult
    public func mark(_ entry: MigrationPlan.Entry) async throws -> Bool {
        try await prepare()
        if let latest = try await ledger.latestRun(of: entry.version), latest.status != .rolledBack,
            try await !ledger.isExecuted(entry.version)
        {
            throw MigrationError(
                .state,
                "\(entry.name) \(latest.status.standing), so it is not recorded as executed; let it end, or take it back: "
                    + "azu db:data:rollback --version \(entry.version)"
            )
        }
        return try await retry.run(failed: { _ in _ = try? await connection.run([.rollback]) }) {
            try await ledger.mark(version: entry.version, name: entry.name, checksum: entry.source?.sha256)
        }
    }
}

extension Ledger {
    /// Records a migration as executed, with a run that did nothing.
    ///
    /// - Returns: whether it was recorded; not, if it was before.
    fileprivate func mark(version: String, name: String, checksum: String?) async throws -> Bool {
        let run: SQL = """
            INSERT INTO data_migration_runs (version, name, direction, status, arguments, source_checksum, journal,
            started_by, host, process, finished_at)
            SELECT \(version), \(name), \(RunDirection.up.rawValue), \(RunState.succeeded.rawValue),
            \(BoundArguments().json), \(checksum), \(JournalState.none.rawValue), \(Owner.user), \(owner.host),
            \(owner.process), CURRENT_TIMESTAMP
            WHERE NOT EXISTS (SELECT 1 FROM data_migrations WHERE version = \(version))
            RETURNING *
            """
        let begin = begin(alone: version)
        do {
            let rows = try await connection.run(begin + [.query(run)])[begin.count].rows
            guard let record = rows?.first.map(RunRecord.init) else {
                try await connection.run([.rollback])
                return false
            }
            try await connection.run([
                self.record(.marked, of: record), markExecuted(version: version, name: name), .commit,
            ])
            return true
        } catch {
            _ = try? await connection.run([.rollback])
            throw error
        }
    }
}
