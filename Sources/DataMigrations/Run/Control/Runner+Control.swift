import Database

/// What somebody asks of a run that goes on, from another terminal or another host: through the ledger.
extension Runner {
    /// Has a run wait: its processes begin no further batch, and stay.
    ///
    /// - Throws: ``MigrationError`` if it does not go on.
    public func pause(_ entry: MigrationPlan.Entry) async throws {
        let run = try await turn(entry, from: [.running, .rollingBack], .paused) { _ in .paused }
        await tellPause(entry, run)
    }

    /// Lets a run go on that was paused.
    ///
    /// - Returns: its direction, whether it is one more run of an executed migration, and whether a process is there that
    ///   goes on; if not, the run waits for one.
    /// - Throws: ``MigrationError`` if it is not paused.
    @discardableResult
    public func resume(
        _ entry: MigrationPlan.Entry
    ) async throws -> (direction: RunDirection, isAgain: Bool, isHeld: Bool) {
        let run = try await turn(entry, from: [.paused], .unpaused) { $0.direction == .down ? .rollingBack : .running }
        let isHeld = try await ledger.isHeld(run)
        // Without a process that goes on, nothing does; the one that will tells it then.
        if isHeld, let migration = try? make(entry, for: run) {
            await tell(.started(info(run, isResumed: true)), migration, run)
        }
        return (run.direction, try await isAgain(run), isHeld)
    }

    private func isAgain(_ run: RunRecord) async throws -> Bool {
        guard run.direction == .up else { return false }
        return try await ledger.isExecuted(run.version)
    }

    /// Ends a run: its processes begin no further batch, and exit.
    ///
    /// What is committed stays; the run can be gone on with, or rolled back.
    ///
    /// - Returns: whether it was one more run of an executed migration.
    /// - Throws: ``MigrationError`` if it does not go on, or is a rollback, which is not given up half-way.
    @discardableResult
    public func cancel(_ entry: MigrationPlan.Entry) async throws -> Bool {
        let run = try await turn(entry, from: [.running, .paused], .cancelled) { run in
            guard run.direction == .up || run.status.isOver else {
                throw MigrationError(
                    .state,
                    "\(run.name) is being rolled back, which is not given up half-way; azu db:data:pause \(run.version) has "
                        + "it wait"
                )
            }
            return .cancelled
        }
        await tellPause(entry, run)
        return try await isAgain(run)
    }

    /// Tells that somebody has paused or cancelled a run: the process that did it, not those that find it so.
    private func tellPause(_ entry: MigrationPlan.Entry, _ before: RunRecord) async {
        guard let migration = try? make(entry, for: before),
            let run = try? await ledger.latestRun(of: entry.version), [.paused, .cancelled].contains(run.status),
            let report = try? await report(run, entry, since: .now, didWork: false)
        else { return }
        await tell(.paused(report), migration, run)
    }

    /// Whether somebody cancelled the newest run with ``cancel(_:)``, and nobody has gone on with it since; not if the
    /// process that worked on it was asked to stop.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func isCancelledByHand(_ entry: MigrationPlan.Entry) async throws -> Bool {
        guard try await ledger.currentFormat() != nil, let run = try await ledger.latestRun(of: entry.version),
            run.status == .cancelled
        else { return false }
        let kinds = [EventKind.started, .resumed, .cancelled].map(\.rawValue)
        let last = try await ledger.read(
            """
            SELECT kind FROM data_migration_events WHERE run_id = \(run.id) AND kind IN \(kinds)
            ORDER BY id DESC LIMIT 1
            """
        )
        return last.first?[0].text == EventKind.cancelled.rawValue
    }

    /// Changes how a run goes on, for all of its processes, from their next batch on; also for those that resume it later.
    ///
    /// - Parameters:
    ///   - assignments: see ``RunSettings/set(_:)``.
    ///   - entry: the migration.
    /// - Returns: all that is set.
    /// - Throws: ``MigrationError`` if there is no run, or no such setting.
    @discardableResult
    public func set(_ assignments: [String], for entry: MigrationPlan.Entry) async throws -> RunSettings {
        let run = try await controlled(entry)
        guard !run.status.isOver || [.failed, .cancelled].contains(run.status) else { throw notGoingOn(run) }
        return try await retry.run {
            try await connection.transaction {
                // Somebody else may be setting something at this moment.
                var settings = try await ledger.lockedSettings(of: run)
                for assignment in assignments { try settings.set(assignment) }
                try await connection.run([
                    ledger.save(settings, of: run),
                    ledger.record(.set, of: run, message: assignments.joined(separator: " ")),
                ])
                return settings
            }
        }
    }

    @discardableResult
    private func turn(
        _ entry: MigrationPlan.Entry,
        from states: [RunState],
        _ event: EventKind,
        to next: (RunRecord) throws -> RunState
    ) async throws -> RunRecord {
        let run = try await controlled(entry)
        let goal = try next(run)
        guard states.contains(run.status) else { throw notGoingOn(run) }
        let turn = try ledger.turn(run, to: goal)
        do {
            try await retry.run { try await inTransaction([turn, ledger.record(event, of: run)]) }
        } catch let error as DatabaseError where error.code == .guardFailed {
            // It has ended meanwhile, or somebody else was faster.
            throw notGoingOn(try await controlled(entry))
        }
        return run
    }

    private func controlled(_ entry: MigrationPlan.Entry) async throws -> RunRecord {
        guard try await ledger.currentFormat() != nil, let run = try await ledger.latestRun(of: entry.version) else {
            throw MigrationError(.state, "\(entry.name) was never run")
        }
        try await prepare()
        return run
    }

    private func notGoingOn(_ run: RunRecord) -> MigrationError {
        MigrationError(
            .state,
            "\(run.name) is \(run.status.rawValue), so that can't be done; azu db:data:status shows it"
        )
    }
}

extension Ledger {
    /// Moves a run along an edge of ``RunState``, if it still is where it was read to be.
    fileprivate func turn(_ run: RunRecord, to state: RunState) throws -> Statement {
        guard case .execute(let update) = try move(run, to: state).action else { return try move(run, to: state) }
        return .execute("\(update) AND status = \(run.status.rawValue)", expectedChanges: 1)
    }

    fileprivate func lockedSettings(of run: RunRecord) async throws -> RunSettings {
        let lock = connection.dialect.lockClause
        let rows = try await connection.query("SELECT settings FROM data_migration_runs WHERE id = \(run.id)\(lock)")
        return RunSettings(json: rows.first?[0].text)
    }

    fileprivate func save(_ settings: RunSettings, of run: RunRecord) -> Statement {
        .execute("UPDATE data_migration_runs SET settings = \(settings.json) WHERE id = \(run.id)")
    }

    /// Whether a process is at work on a run, or waits to be.
    func isHeld(_ run: RunRecord) async throws -> Bool {
        try await !heldSlices(of: run, among: slices(of: run)).isEmpty
    }
}
