public import DataMigrations
import Database
public import Testing

extension TestDatabase {
    /// Expects that a rollback brings back what was there before a migration: all tables, byte for byte; and so after a
    /// run that was stopped half-way.
    ///
    /// The database is left as it was.
    ///
    ///     try await database.expectReversible(ArchiveOldOrders.self)
    ///
    /// - Parameters:
    ///   - type: the migration.
    ///   - ignored: what may differ: `users.updated_at`, `*.updated_at`, or a table.
    ///   - sourceLocation: where issues are shown.
    /// - Throws: ``/DataMigrations/MigrationError`` if the migration can't be run.
    public func expectReversible<M: DataMigration>(
        _ type: M.Type,
        ignoring ignored: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await expectReversible(type.init(), ignoring: ignored, sourceLocation: sourceLocation)
    }

    /// Expects that a rollback brings back what was there before a migration; one that was made by hand.
    ///
    /// - Parameters: see ``expectReversible(_:ignoring:sourceLocation:)-(M.Type,_,_)``.
    /// - Throws: ``/DataMigrations/MigrationError`` if the migration can't be run.
    public func expectReversible(
        _ migration: some DataMigration,
        ignoring ignored: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await Trials.of(migration, on: self, ignoring: ignored, at: sourceLocation) { trials in
            guard let whole = try await trials.reference() else { return }
            guard try await trials.checkRollback("") else { return }
            try await trials.restart()
            let stop = StopSignal()
            let half = try await trials.runner(
                batches: trials.batchSize(for: whole.report),
                observer: StoppingObserver(stop, after: 2),
                stop: stop
            ).migrate(trials.entry)
            // A migration of fewer batches has no half.
            guard half?.status == .cancelled else { return }
            _ = try await trials.checkRollback(" of a run that was stopped half-way")
        }
    }
}

extension Trials {
    /// Rolls back, and compares with the start.
    ///
    /// - Parameter run: what is rolled back, for the issue.
    /// - Returns: whether all is as it was.
    /// - Throws: ``/Database/DatabaseError``.
    fileprivate func checkRollback(_ run: String) async throws -> Bool {
        let report: RunReport
        do {
            report = try await runner().rollback(entry)
        } catch {
            record("\(name) is not reversible: the rollback\(run) fails: \(error)")
            return false
        }
        if report.conflicts > 0 {
            record("\(name) is not reversible: the rollback\(run) leaves \(Self.rows(report.conflicts)) as they are")
        }
        return compare(("before", start), ("after the rollback", try await contents())) {
            "\(name) is not reversible: the rollback\(run) leaves \($0) other than before"
        }
    }
}
