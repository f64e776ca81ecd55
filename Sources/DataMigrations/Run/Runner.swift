public import Database
public import Foundation

/// Runs migrations, and keeps the ledger.
public struct Runner: Sendable {
    /// The database.
    ///
    /// Nobody else may use the connection meanwhile.
    public var connection: any DatabaseConnection
    /// Takes what runs tell.
    public var observer: any ProgressObserver
    /// Asks runs to stop.
    public var stop: StopSignal
    /// Where the paths of files start.
    public var root: URL
    /// Whether a run goes on although the migration's source changed since it began.
    public var allowsChangedSource: Bool
    /// How many workers of this process take parts of a table at the same time, each with connections of its own, where
    /// the database lets several write.
    public var workers: Int
    /// What runs may ask of the database, and when.
    public var limits: RunLimits
    /// How long a lease lasts without a commit: after that, another process may take the run over.
    public var leaseTime: Duration
    /// The environment that the database belongs to, such as `production`; `nil` where the program knows of none, and every
    /// migration is meant for it.
    public var environment: String?
    /// Whether migrations are run that are not meant for the environment.
    public var allowsAnyEnvironment: Bool
    /// What is told of the turns of all runs, beside the migrations themselves.
    public var hooks: [any RunHooks]
    /// How many rows batches take, in the place of what the migration says; for tests.
    package var batchSize: MigrationOptions.BatchSize?

    /// Makes a runner.
    public init(
        _ connection: any DatabaseConnection,
        observer: any ProgressObserver = SilentObserver(),
        stop: StopSignal = StopSignal(),
        root: URL = URL(filePath: FileManager.default.currentDirectoryPath),
        allowsChangedSource: Bool = false,
        workers: Int = 1,
        limits: RunLimits = RunLimits(),
        leaseTime: Duration = .seconds(60),
        environment: String? = nil,
        allowsAnyEnvironment: Bool = false,
        hooks: [any RunHooks] = []
    ) {
        self.connection = connection
        self.observer = observer
        self.stop = stop
        self.root = root
        self.allowsChangedSource = allowsChangedSource
        self.workers = max(1, workers)
        self.limits = limits
        self.leaseTime = leaseTime
        self.environment = environment
        self.allowsAnyEnvironment = allowsAnyEnvironment
        self.hooks = hooks
    }

    var ledger: Ledger { Ledger(connection: connection, lease: leaseTime) }
    var retry: Retry { Retry(policy: limits.retry, observer: observer, stop: stop) }

    /// Makes the change, or goes on with a run that was stopped, killed or failed.
    ///
    /// - Parameters:
    ///   - entry: the migration.
    ///   - again: whether to run one that is finished once more: its rows are all taken through it anew.
    ///   - arguments: values of its parameters, by name. A run that is gone on with keeps those it began with, and refuses
    ///     others.
    /// - Returns: how it ended: succeeded, quarantined, or cancelled. `nil` if it was finished before.
    /// - Throws: ``MigrationError`` if it can't be run; or fails, after that is recorded.
    public func migrate(
        _ entry: MigrationPlan.Entry,
        again: Bool = false,
        arguments: [String: String] = [:]
    ) async throws -> RunReport? {
        try await check(entry, again: again, arguments: arguments)
        try await prepare()
        let start = ContinuousClock.now
        let latest = try await ledger.latestRun(of: entry.version)
        if let latest, latest.direction == .down, latest.status != .rolledBack {
            throw MigrationError(
                .state,
                "the rollback of \(entry.name) is not finished; azu db:data:rollback --version \(entry.version) ends it"
            )
        }
        if !again, try await ledger.isExecuted(entry.version) { return nil }
        if let latest, latest.status == .quarantined || latest.status == .paused {
            let report = try await report(latest, entry, since: .now, didWork: false)
            observer.observe(.finished(report))
            return report
        }
        do {
            // A run that was made, and whose answer was lost, is gone on with as one whose process was killed.
            let (run, isResumed) = try await retry.run {
                try await resume(try await ledger.latestRun(of: entry.version), entry, arguments)
            }
            return try await perform(entry, run, isResumed: isResumed, retries: false)
        } catch let error as MigrationError where error.code == .held {
            // Another process may have begun it meanwhile, with other values.
            try await check(entry, again: again, arguments: arguments)
            guard try await help(entry, otherwise: error) else {
                return try await migrate(entry, again: again, arguments: arguments)
            }
            guard let run = try await ledger.latestRun(of: entry.version) else { throw lost(entry) }
            let report = try await report(run, entry, since: start)
            observer.observe(.finished(report))
            return report
        }
    }

    /// Takes the rows that were put aside through the migration again.
    ///
    /// - Throws: ``MigrationError`` if there are none, or it fails.
    public func retry(_ entry: MigrationPlan.Entry) async throws -> RunReport {
        try await prepare()
        guard let latest = try await ledger.latestRun(of: entry.version), try await isAboutQuarantine(latest)
        else {
            throw MigrationError(.state, "\(entry.name) has no rows in quarantine to retry")
        }
        try await ledger.refuseIfHeld(latest)
        // Values that no longer fit must not leave a run that seems to go on.
        _ = try make(entry, for: latest)
        try await connection.run([
            try ledger.move(latest, to: .running), ledger.record(.retried, of: latest),
        ])
        guard let run = try await ledger.latestRun(of: entry.version) else { throw lost(entry) }
        return try await perform(entry, run, isResumed: true, retries: true)
    }

    /// Settles that the rows that were put aside stay as they are, and records the migration as executed, if its `verify`
    /// agrees.
    ///
    /// - Returns: how many rows they are.
    /// - Throws: ``MigrationError`` if there are none, or the verification fails; the run stays as it was then.
    public func accept(_ entry: MigrationPlan.Entry) async throws -> Int {
        try await prepare()
        guard var run = try await ledger.latestRun(of: entry.version), try await isAboutQuarantine(run) else {
            throw MigrationError(.state, "\(entry.name) has no rows in quarantine to accept")
        }
        try await ledger.refuseIfHeld(run)
        let start = ContinuousClock.now
        let migration = try make(entry, for: run)
        let context = try await context(run, migration.options, retries: false, direction: .up)
        let failure = try await verdict(context) {
            try await context.verify(migration, advice: "mend what is wrong, then accept the rows")
        }
        if let failure {
            let event = ledger.record(.verificationFailed, of: run, message: failure.description)
            try await conclude(context, [ledger.forgetComparisons(of: run), event])
            throw failure
        }
        let open = try await ledger.openQuarantine(of: run)
        // A retry that was stopped left the run as one that is not through.
        run.status = .quarantined
        let accepted = [
            ledger.acceptQuarantine(of: run), try ledger.move(run, to: .succeeded),
            ledger.markExecuted(version: run.version, name: run.name),
            ledger.record(.accepted, of: run, message: "\(open) rows"),
        ]
        try await conclude(context, accepted + ledger.conclude(.passed, of: run))
        if let run = try? await ledger.latestRun(of: entry.version),
            let report = try? await report(run, entry, since: start)
        {
            await tell(.finished(report), migration, run)
        }
        return open
    }

    /// Whether all rows of a run are through but for those in quarantine; also where a retry of them was stopped.
    private func isAboutQuarantine(_ run: RunRecord) async throws -> Bool {
        if run.status == .quarantined { return true }
        guard run.direction == .up, [.running, .failed, .cancelled].contains(run.status) else { return false }
        let isThrough = try await ledger.slices(of: run).allSatisfy {
            $0.isDone || $0.step == "*" || $0.kind == .verify
        }
        guard isThrough else { return false }
        return try await ledger.openQuarantine(of: run) > 0
    }

    /// Makes the ledger's tables, where they are missing.
    package func prepare() async throws { try await retry.run { try await ledger.prepare() } }

    func lost(_ entry: MigrationPlan.Entry) -> MigrationError {
        MigrationError(.ledger, "the run of \(entry.name) is gone from data_migration_runs")
    }
}

// MARK: - A run

extension Runner {
    /// The run to go on with, or a new one.
    private func resume(
        _ latest: RunRecord?,
        _ entry: MigrationPlan.Entry,
        _ arguments: [String: String]
    ) async throws -> (run: RunRecord, isResumed: Bool) {
        let checksum = entry.source?.sha256
        guard let latest, [.pending, .running, .failed, .cancelled].contains(latest.status) else {
            let migration = entry.make()
            let values = try migration.values(setting: arguments, of: entry.name)
            try migration.bind(values, of: entry.name)
            let run = try await retry.run {
                try await ledger.startRun(
                    version: entry.version,
                    name: entry.name,
                    direction: .up,
                    arguments: BoundArguments(parameters: values),
                    checksum: checksum,
                    journal: migration.options.journal == .on ? .on : .off,
                    after: latest
                )
            }
            try await connection.run([ledger.record(.started, of: run)])
            observer.observe(.started(info(run, isResumed: false)))
            return (run, false)
        }
        try await ledger.refuseIfHeld(latest)
        let known = latest.arguments.parameters
        let migration = entry.make()
        let values = try migration.values(setting: arguments, recorded: known, of: entry.name)
        try migration.bind(values, of: entry.name)
        if let known = latest.sourceChecksum, let checksum, known != checksum {
            guard allowsChangedSource else {
                throw MigrationError(
                    .sourceChanged,
                    "\(entry.place) changed since its run began; put it back, or go on with --allow-changed-source"
                )
            }
            try await connection.run([
                ledger.saveChecksum(checksum, of: latest), ledger.record(.allowedChange, of: latest),
            ])
        }
        if latest.status != .running { try await connection.run([try ledger.move(latest, to: .running)]) }
        if values.contains(where: { known[$0.key] == nil }) {
            // The migration has got a parameter since.
            var arguments = latest.arguments
            arguments.parameters.merge(values) { old, _ in old }
            try await connection.run([ledger.save(arguments, of: latest)])
        }
        try await connection.run([ledger.record(.resumed, of: latest)])
        guard let run = try await ledger.latestRun(of: entry.version) else { throw lost(entry) }
        observer.observe(.started(info(run, isResumed: true)))
        return (run, true)
    }

    func info(_ run: RunRecord, isResumed: Bool) -> RunInfo {
        RunInfo(version: run.version, name: run.name, direction: run.direction, isResumed: isResumed)
    }

    /// Does a run, with the observer around it.
    private func perform(
        _ entry: MigrationPlan.Entry,
        _ run: RunRecord,
        isResumed: Bool,
        retries: Bool
    ) async throws -> RunReport {
        try await observer.around(info(run, isResumed: isResumed)) {
            try await carryOut(entry, run, isResumed: isResumed, retries: retries)
        }
    }

    /// Calls the migration, and records how it ended.
    private func carryOut(
        _ entry: MigrationPlan.Entry,
        _ run: RunRecord,
        isResumed: Bool,
        retries: Bool
    ) async throws -> RunReport {
        let start = ContinuousClock.now
        let migration = try make(entry, for: run)
        let context = try await context(run, migration.options, retries: retries, direction: .up)
        var (open, isTold) = (0, false)
        do {
            try await ProjectRoot.$url.withValue(root) {
                try await context.throughout {
                    // Only now is it known that nobody else leads the run; one that begins anew by itself is no new turn.
                    if !isTold {
                        isTold = true
                        let turn = RunTurn.started(info(run, isResumed: isResumed))
                        await context.keepingLease { await tell(turn, migration, run) }
                    }
                    try await migration.up(MigrationContext(context))
                    open = try await ledger.openQuarantine(of: run)
                    if migration.options.tolerates(open) {
                        try await context.verify(migration, advice: "mend what is wrong, then run it again")
                    }
                    // Somebody may have paused or cancelled it behind the last batch.
                    try await context.pass(nil)
                }
            }
        } catch {
            return try await end(run, entry, migration, error, since: start, under: context.lease)
        }
        let isDone = migration.options.tolerates(open)
        let lease = context.lease
        var end: [Statement] = [try ledger.move(run, to: isDone ? .succeeded : .quarantined, under: lease)]
        // Nobody must find the run unled and not ended: it would lead it once more.
        if let lease { end.append(ledger.release(lease)) }
        if isDone {
            end.append(ledger.markExecuted(version: run.version, name: run.name))
            end += ledger.conclude(.passed, of: run, under: lease)
        }
        let final = end + [ledger.record(.finished, of: run, message: isDone ? nil : "\(open) rows in quarantine")]
        try await retry.run { try await self.inTransaction(final) }
        let report = try await finish(run, entry, since: start)
        // Whoever has taken it over meanwhile tells of its end.
        if report.status == (isDone ? .succeeded : .quarantined) { await tell(.finished(report), migration, run) }
        return report
    }

    func inTransaction(_ statements: [Statement]) async throws {
        do {
            try await connection.run([.begin] + statements + [.commit])
        } catch {
            _ = try? await connection.run([.rollback])
            throw error
        }
    }

    func context(
        _ run: RunRecord,
        _ options: MigrationOptions,
        retries: Bool,
        direction: RunDirection
    ) async throws -> RunContext {
        var options = options
        if let batchSize { options.batchSize = batchSize }
        return RunContext(
            connection: connection,
            run: run,
            options: options,
            observer: observer,
            stop: stop,
            openQuarantine: try await ledger.openQuarantine(of: run),
            retriesQuarantine: retries,
            direction: direction,
            workers: workers,
            limits: limits,
            leaseTime: leaseTime
        )
    }
}

extension RunContext {
    /// Does a run, and begins anew where it failed for a reason that passes: what is committed is not done again.
    func throughout(_ body: () async throws -> Void) async throws {
        try await load.during(connection) {
            try await retry.run(progress: { committedBatches }, failed: { _ in await recover() }) {
                try await alone(body)
            }
        }
    }

    /// Keeps a second process out of a migration as a whole while `up` or `down` runs, and until its end is recorded:
    /// ``control`` is released with that.
    func alone(_ body: () async throws -> Void) async throws {
        let step = prefix + "*"
        try await ledger.openSlice(NewSlice(step: step, number: 0, kind: .step), of: run)
        guard let slice = try await ledger.slices(of: run, step: step).first else { return }
        hold(try await ledger.claim(slice, of: run))
        try await body()
    }
}
