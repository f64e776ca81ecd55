import Database

extension Runner {
    /// Works beside the process that leads a run: takes parts of its table until there are no more, and waits for the end.
    ///
    /// Steps, sweeps and verification are the leading process's alone.
    ///
    /// - Returns: `true` when the run is over; `false` if the process that led it is gone, so that this one can lead.
    /// - Throws: `held` where the migration can't be shared; ``MigrationError`` if the run fails.
    func help(_ entry: MigrationPlan.Entry, otherwise held: MigrationError) async throws -> Bool {
        guard let begun = try await ledger.latestRun(of: entry.version) else { throw lost(entry) }
        let migration = try make(entry, for: begun)
        guard connection.dialect.rowLock != nil, migration.sharesTable else { throw held }
        observer.observe(.message("another process leads the run of \(entry.name); this one takes parts of it"))
        let info = RunInfo(version: entry.version, name: entry.name, direction: .up, isResumed: true)
        return try await observer.around(.run(info)) { (try await help(entry, migration), .run(nil)) }
    }

    private func help(_ entry: MigrationPlan.Entry, _ migration: any DataMigration) async throws -> Bool {
        while true {
            guard let run = try await ledger.latestRun(of: entry.version) else { throw lost(entry) }
            // Whoever paused it will let it go on, or cancel it.
            guard [.running, .paused].contains(run.status), run.direction == .up else {
                guard run.status == .failed else { return true }
                let reason = run.error ?? "the process that led the run has failed"
                if run.verification == VerificationOutcome.failed.rawValue {
                    throw MigrationError(.verification, reason)
                }
                throw MigrationError(.failed, "\(entry.name): \(reason)")
            }
            if let reason = stop.requested {
                observer.observe(.message("stopped: \(reason); the run goes on without this process"))
                return true
            }
            guard try await ledger.isLed(run) else { return false }
            let didWork: Bool
            do {
                didWork = try await takeParts(of: run, entry, migration)
            } catch is RunStopped {
                continue
            }
            if !didWork { try await Task.sleep(for: .milliseconds(250)) }
        }
    }

    private func takeParts(
        of run: RunRecord,
        _ entry: MigrationPlan.Entry,
        _ migration: any DataMigration
    ) async throws -> Bool {
        guard try await ledger.slices(of: run).contains(where: { $0.kind == .whole }) else { return false }
        // Only now does the run tell for sure which values its conditions have.
        guard let run = try await ledger.latestRun(of: entry.version) else { throw lost(entry) }
        let context = try await context(run, migration.options, retries: false, direction: .up)
        return try await ProjectRoot.$url.withValue(root) {
            var didWork = false
            try await context.load.during(connection) {
                didWork = try await retry.run(failed: { _ in await context.recover() }) {
                    try await MigrationContext(context).help(migration)
                }
            }
            return didWork
        }
    }
}

extension Ledger {
    /// Whether the process that leads a run is alive, as far as its lease tells.
    fileprivate func isLed(_ run: RunRecord) async throws -> Bool {
        guard try await !slices(of: run, step: "*").isEmpty else { return true }
        do {
            try await refuseIfHeld(run)
        } catch let error as MigrationError where error.code == .held {
            return true
        }
        return false
    }
}

extension DataMigration {
    /// Whether it is about the rows of one table, which several processes can share.
    fileprivate var sharesTable: Bool {
        func isTable<Source: BatchSource>(_ source: Source) -> Bool {
            if case .table = source._reading().kind { true } else { false }
        }
        if self is any RowMigration { return true }
        if let migration = self as? any BatchMigration { return isTable(migration.rows) }
        if let migration = self as? SQLFileMigration { return (try? migration.file.up.table) != nil }
        return false
    }
}
