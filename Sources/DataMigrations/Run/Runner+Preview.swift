import Database

extension Runner {
    /// What a migration would do.
    ///
    /// Its real code is run on its real rows, some batches of them, in transactions that are rolled back; that of a
    /// migration by hand as a whole, in one. Nothing is left behind, but for the numbers that sequences gave out where the
    /// database does not take them back.
    ///
    /// - Parameters:
    ///   - entry: the migration.
    ///   - options: how much is tried.
    ///   - arguments: values of its parameters, by name; a run that was begun has its own.
    /// - Returns: what came of it; also what keeps the migration from being run.
    /// - Throws: ``/Database/DatabaseError`` if the database can't be asked.
    public func preview(
        _ entry: MigrationPlan.Entry,
        _ options: PreviewOptions = PreviewOptions(),
        arguments: [String: String] = [:]
    ) async throws -> Preview {
        var found = Preview()
        let latest = try await ledger.currentFormat() == nil ? nil : try await ledger.latestRun(of: entry.version)
        if try await isExecuted(entry) {
            found.notes = ["it is executed already"]
        } else if latest?.status == .quarantined {
            found.notes = ["all its rows are through but those in quarantine; azu db:data:retry takes these again"]
        } else {
            let known = latest?.isResumable == true ? latest?.arguments.parameters : nil
            do {
                let values = try entry.make().values(setting: arguments, recorded: known ?? [:], of: entry.name)
                found = try await preview(entry, options, direction: .up, parameters: values)
            } catch let error as MigrationError where error.code == .arguments {
                found.failure = error.description
            }
            let isEmpty = found.sources.allSatisfy { $0.rows == 0 }
            let hasRows = found.counters.visited > 0 || found.counters.written > 0
            found.hasWork = found.failure == nil && (hasRows || !isEmpty || found.sources.isEmpty)
            if let latest, [.running, .failed, .cancelled, .paused].contains(latest.status) {
                found.notes.append("a run of it was begun, and goes on where it is; this shows all of its rows")
            }
        }
        if let foreign = foreign(entry) { found.notes.append(foreign) }
        (found.version, found.name) = (entry.version, entry.name)
        return found
    }

    private func isExecuted(_ entry: MigrationPlan.Entry) async throws -> Bool {
        guard try await ledger.currentFormat() != nil else { return false }
        return try await ledger.isExecuted(entry.version)
    }

    /// Runs `up` or `down` in transactions that are rolled back.
    func preview(
        _ entry: MigrationPlan.Entry,
        _ options: PreviewOptions,
        direction: RunDirection,
        parameters: [String: Value]
    ) async throws -> Preview {
        let migration = entry.make()
        try migration.bind(parameters, of: entry.name)
        let tellsOutside = migration.options.journal == .on && direction == .up
        let run = PreviewRun(connection, options, tellsOutside: tellsOutside)
        let record = RunRecord(previewing: entry, direction: direction, parameters: parameters)
        let context = RunContext(previewing: run, record, migration.options, observer, stop)
        var failure: String?
        do {
            try await ProjectRoot.$url.withValue(root) {
                try await run.connection.hold()
                let handle = MigrationContext(context)
                if direction == .up { try await migration.up(handle) } else { try await migration.down(handle) }
                try await run.connection.run([.checkConstraints])
            }
        } catch let error as NoDown {
            try await run.connection.rollBackAll()
            throw error
        } catch {
            failure = Fault.text(of: error)
        }
        try await run.connection.rollBackAll()
        var preview = run.preview
        preview.failure = failure
        let (bad, limit) = (preview.counters.quarantined, direction == .up ? migration.options.quarantineLimit : 0)
        if failure == nil, bad > limit {
            preview.failure = "\(bad) bad rows among those that were tried, and it stops at more than \(limit)"
        }
        if preview.counters.inserted > 0, connection.dialect.rowLock != nil {
            preview.notes.append("numbers that sequences gave out for the samples are not given out again")
        }
        return preview
    }
}
