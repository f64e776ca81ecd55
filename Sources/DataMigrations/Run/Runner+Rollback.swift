import Database

extension Runner {
    /// Takes a migration back: with its own `down`, or else with its journal.
    ///
    /// The journal is read backwards in batches; each restores what its rows held before, deletes what was inserted and
    /// inserts what was deleted, in one transaction that also saves how far it came. Only rows that still hold what the
    /// migration wrote are touched.
    ///
    /// - Parameters:
    ///   - entry: the migration.
    ///   - policy: what happens with rows that somebody changed since. With `stop`, nothing is written if there are any.
    ///   - journaledOnly: whether to go on although the migration also wrote what no journal can take back.
    /// - Returns: how it ended: rolled back, or paused.
    /// - Throws: ``MigrationError`` if it was never run, there is no way back, or that fails.
    public func rollback(
        _ entry: MigrationPlan.Entry,
        onConflict policy: ConflictPolicy = .stop,
        journaledOnly: Bool = false
    ) async throws -> RunReport {
        try await prepare()
        let start = ContinuousClock.now
        let run = try await retry.run { try await rollbackRun(entry) }
        try await ledger.refuseIfHeld(run)
        var turn = info(run, isResumed: run.direction == .down)
        turn.direction = .down
        let begun = turn
        observer.observe(.started(begun))
        return try await observer.around(begun) {
            try await rollback(entry, run, begun, onConflict: policy, journaledOnly: journaledOnly, since: start)
        }
    }

    private func rollback(
        _ entry: MigrationPlan.Entry,
        _ run: RunRecord,
        _ begun: RunInfo,
        onConflict policy: ConflictPolicy,
        journaledOnly: Bool,
        since start: ContinuousClock.Instant
    ) async throws -> RunReport {
        let migration = try make(entry, for: run)
        var options = migration.options
        // Nothing would retry a row that was put aside on the way back.
        options.quarantineLimit = policy == .stop ? 0 : .max
        let context = try await context(run, options, retries: false, direction: .down)
        var hasTurned = false
        do {
            try await ProjectRoot.$url.withValue(root) {
                try await context.throughout {
                    // Only now is it known that nobody else is at work, and that a run that seems to go on was killed.
                    var run = run
                    if run.status == .running {
                        try await connection.run([try ledger.move(run, to: .failed, error: "the process was killed")])
                        run.status = .failed
                    }
                    // One that begins anew by itself may have been paused since.
                    if !hasTurned {
                        try await inTransaction([try ledger.move(run, to: .rollingBack), ledger.turnBack(run)])
                        await context.keepingLease { await tell(.started(begun), migration, run) }
                    }
                    hasTurned = true
                    do {
                        try await takeBack(migration, context, policy, journaledOnly: journaledOnly)
                    } catch let error as MigrationError where [.irreversible, .conflict].contains(error.code) {
                        try await inTransaction([ledger.restore(run)])
                        throw error
                    }
                }
            }
        } catch let error as MigrationError where [.irreversible, .conflict].contains(error.code) {
            if let lease = context.lease { _ = try? await connection.run([ledger.release(lease)]) }
            await tellRefusal(error, migration, run, since: start)
            throw error
        } catch {
            guard let current = try await ledger.latestRun(of: entry.version) else { throw lost(entry) }
            return try await end(current, entry, migration, error, since: start, under: context.lease)
        }
        guard let current = try await ledger.latestRun(of: entry.version) else { throw lost(entry) }
        let standing = try await ledger.standingRuns(of: entry.version)
        let conflicts = try await ledger.conflicts(of: current)
        let message = conflicts > 0 ? "\(conflicts) rows could not be taken back" : nil
        let release = context.lease.map { [ledger.release($0)] } ?? []
        try await inTransaction(
            [
                try ledger.move(current, to: .rolledBack, under: context.lease),
                ledger.unmarkExecuted(version: entry.version),
                ledger.record(.rolledBack, of: current, message: message),
            ] + ledger.takenBack(standing, newest: current) + release
        )
        let report = try await finish(current, entry, since: start)
        if report.status == .rolledBack { await tell(.finished(report), migration, current) }
        return report
    }

    private func takeBack(
        _ migration: any DataMigration,
        _ context: RunContext,
        _ policy: ConflictPolicy,
        journaledOnly: Bool
    ) async throws {
        do {
            try await migration.down(MigrationContext(context))
        } catch is NoDown {
            try await JournalRollback(context: context, policy: policy, journaledOnly: journaledOnly).run()
        }
    }

    /// What a rollback would do; leaves nothing behind.
    ///
    /// A `down` of the author's own is run, in a transaction that is rolled back.
    ///
    /// - Throws: ``MigrationError`` if the migration was never run, or there is no way back.
    public func rollbackPlan(
        of entry: MigrationPlan.Entry,
        journaledOnly: Bool = false
    ) async throws -> RollbackPlan {
        guard try await ledger.currentFormat() != nil else { throw neverRun(entry) }
        let latest = try await ledger.latestRun(of: entry.version)
        let run = latest?.status == .rolledBack ? nil : latest
        let isExecuted = try await ledger.isExecuted(entry.version)
        guard run != nil || isExecuted else { throw neverRun(entry) }
        do {
            let values = try values(of: entry, for: run)
            let down = try await preview(entry, PreviewOptions(), direction: .down, parameters: values)
            if let failure = down.failure { throw MigrationError(.failed, "\(entry.name): \(failure)") }
            return RollbackPlan(version: entry.version, name: entry.name)
        } catch is NoDown {}
        // Somebody recorded it as executed by hand.
        guard let run else { throw JournalRollback.noWayBack(.none, entry.name) ?? neverRun(entry) }
        let options = try make(entry, for: run).options
        let context = try await context(run, options, retries: false, direction: .down)
        var plan = try await JournalRollback(context: context, policy: .skip, journaledOnly: journaledOnly).plan()
        (plan.version, plan.name) = (entry.version, entry.name)
        return plan
    }

    private func neverRun(_ entry: MigrationPlan.Entry) -> MigrationError {
        MigrationError(.state, "\(entry.name) was not run, so there is nothing to roll back")
    }

    private func rollbackRun(_ entry: MigrationPlan.Entry) async throws -> RunRecord {
        let latest = try await ledger.latestRun(of: entry.version)
        if let latest, latest.status != .rolledBack { return latest }
        guard try await ledger.isExecuted(entry.version) else {
            throw neverRun(entry)
        }
        return try await adopt(entry, after: latest)
    }

    /// Makes a run of a migration that was recorded as executed by hand, or by another tool.
    func adopt(_ entry: MigrationPlan.Entry, after latest: RunRecord?) async throws -> RunRecord {
        let values = try values(of: entry, for: nil)
        var run = try await ledger.startRun(
            version: entry.version,
            name: entry.name,
            direction: .up,
            arguments: BoundArguments(parameters: values),
            checksum: entry.source?.sha256,
            journal: .none,
            after: latest
        )
        try await connection.run([try ledger.move(run, to: .succeeded)])
        run.status = .succeeded
        return run
    }
}

extension Ledger {
    /// Marks a run as one that goes backwards.
    func turnBack(_ run: RunRecord) -> Statement {
        .execute("UPDATE data_migration_runs SET direction = \(RunDirection.down.rawValue) WHERE id = \(run.id)")
    }

    /// Puts a run back to what it was before somebody tried to roll it back.
    func restore(_ run: RunRecord) -> Statement {
        // One that was never recorded as over has ended by now.
        let end: SQL = run.status.isOver ? "coalesce(\(run.finishedAt), CURRENT_TIMESTAMP)" : "NULL"
        return .execute(
            """
            UPDATE data_migration_runs SET status = \(run.status.rawValue), direction = \(run.direction.rawValue),
            error = \(run.error), finished_at = \(end) WHERE id = \(run.id)
            """
        )
    }
}
