import Database

extension Runner {
    /// Takes a migration back with its own `down`.
    ///
    /// - Throws: ``MigrationError`` if it was never run, or has no `down`, or that fails.
    public func rollback(_ entry: MigrationPlan.Entry) async throws -> RunReport {
        try await prepare()
        let start = ContinuousClock.now
        let run = try await rollbackRun(entry)
        let migration = entry.make()
        observer.observe(
            .started(RunInfo(version: run.version, name: run.name, direction: .down, isResumed: run.direction == .down))
        )
        var options = migration.options
        // Nothing would retry a row that was put aside on the way back.
        options.quarantineLimit = 0
        let context = try await context(run, options, retries: false, direction: .down)
        do {
            try await ProjectRoot.$url.withValue(root) {
                try await context.alone {
                    // Only now is it known that nobody else is at work, and that a run that seems to go on was killed.
                    var run = run
                    if run.status == .running {
                        try await connection.run([try ledger.move(run, to: .failed, error: "the process was killed")])
                        run.status = .failed
                    }
                    try await inTransaction([
                        try ledger.move(run, to: .rollingBack), ledger.turnBack(run),
                    ])
                    do {
                        try await migration.down(MigrationContext(context))
                    } catch let error as MigrationError where error.code == .irreversible {
                        try await inTransaction([ledger.restore(run)])
                        throw error
                    }
                }
            }
        } catch let error as MigrationError where error.code == .irreversible {
            if let lease = context.control { _ = try? await connection.run([ledger.release(lease)]) }
            throw error
        } catch {
            guard let current = try await ledger.latestRun(of: entry.version) else { throw lost(entry) }
            return try await end(current, entry, error, since: start, under: context.control)
        }
        guard let current = try await ledger.latestRun(of: entry.version) else { throw lost(entry) }
        let release = context.control.map { [ledger.release($0)] } ?? []
        try await inTransaction(
            [
                try ledger.move(current, to: .rolledBack, under: context.control),
                ledger.unmarkExecuted(version: entry.version), ledger.record(.rolledBack, of: current),
            ] + release
        )
        return try await finish(current, entry, since: start)
    }

    private func rollbackRun(_ entry: MigrationPlan.Entry) async throws -> RunRecord {
        let latest = try await ledger.latestRun(of: entry.version)
        if let latest, latest.status != .rolledBack { return latest }
        guard try await ledger.isExecuted(entry.version) else {
            throw MigrationError(.state, "\(entry.name) was not run, so there is nothing to roll back")
        }
        return try await adopt(entry, after: latest)
    }

    /// Makes a run of a migration that was recorded as executed by hand, or by another tool.
    func adopt(_ entry: MigrationPlan.Entry, after latest: RunRecord?) async throws -> RunRecord {
        var run = try await ledger.startRun(
            version: entry.version,
            name: entry.name,
            direction: .up,
            checksum: entry.source?.sha256,
            owner: .current,
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
        .execute(
            """
            UPDATE data_migration_runs SET status = \(run.status.rawValue), direction = \(run.direction.rawValue),
            error = \(run.error) WHERE id = \(run.id)
            """
        )
    }
}
