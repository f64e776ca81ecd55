import Database
import Synchronization

/// What the parts of a run have in common, and the connection of the worker at hand.
struct RunContext: Sendable {
    var connection: any DatabaseConnection
    /// What reads ahead of ``connection``; `nil` where the transaction that writes reads, too.
    var reader: (any DatabaseConnection)?
    let run: RunRecord
    let options: MigrationOptions
    let observer: any ProgressObserver
    let stop: StopSignal
    /// Whether only the rows in quarantine are worked on.
    let retriesQuarantine: Bool
    /// What stands before the names of steps: a way back has steps of its own.
    let prefix: String
    /// What the tables look like, for the journal.
    let tables = KnownTables()
    /// What takes the place of the ledger where the run is only tried.
    private(set) var preview: PreviewRun?
    /// How large the worker's batches are.
    private(set) var sizer: SharedSizer
    /// How many workers this process was started with.
    let workers: Int
    /// The number of the worker at hand, from 0 on; `nil` outside of parts.
    private(set) var worker: Int?
    /// What the run may ask of the database.
    let limits: RunLimits
    /// What the ledger says of the run while it goes on.
    let control: RunControl
    /// How busy the database is.
    let load: LoadMonitor
    /// How long a lease lasts without a commit.
    let leaseTime: Duration
    let shared: Shared

    /// What stands before the names of the steps of a way back.
    static let downPrefix = "down/"

    /// What the workers of a process share.
    final class Shared: Sendable {
        fileprivate let state: Mutex<State>
        let owner = Owner.enter()
        /// What of the database's load was last told.
        let shown = Mutex<ThrottleState?>(nil)

        fileprivate init(_ state: sending State) { self.state = Mutex(state) }

        deinit { owner.leave() }
    }

    fileprivate struct State {
        var openQuarantine: Int
        var arguments: BoundArguments
        /// The lease of the run as a whole, and when it was last renewed.
        var lease: (lease: Lease, renewed: ContinuousClock.Instant)?
        /// How many batches were committed.
        var batches = 0
        /// Whether a worker has failed, so that the others end at their next batch.
        var hasFailed = false
    }

    init(
        connection: any DatabaseConnection,
        run: RunRecord,
        options: MigrationOptions,
        observer: any ProgressObserver,
        stop: StopSignal,
        openQuarantine: Int,
        retriesQuarantine: Bool,
        direction: RunDirection,
        workers: Int,
        limits: RunLimits = RunLimits(signals: [], latencyGrowth: nil),
        leaseTime: Duration = Ledger.usualLease
    ) {
        self.connection = connection
        self.limits = limits
        self.leaseTime = leaseTime
        control = RunControl(settings: run.settings)
        load = LoadMonitor(limits)
        self.run = run
        self.options = options
        self.observer = observer
        self.stop = stop
        self.retriesQuarantine = retriesQuarantine
        prefix = direction == .down ? Self.downPrefix : ""
        self.workers = workers
        sizer = SharedSizer(options.batchSize)
        shared = Shared(State(openQuarantine: openQuarantine, arguments: run.arguments))
    }

    /// A run that is tried, and leaves nothing.
    init(
        previewing preview: PreviewRun,
        _ run: RunRecord,
        _ options: MigrationOptions,
        _ observer: any ProgressObserver,
        _ stop: StopSignal
    ) {
        self.init(
            connection: preview.connection,
            run: run,
            options: options,
            observer: observer,
            stop: stop,
            openQuarantine: 0,
            retriesQuarantine: false,
            direction: run.direction,
            workers: 1
        )
        self.preview = preview
    }

    /// Why no further batch is to be begun; `nil` if one may be.
    var stopReason: String? {
        stop.requested ?? (shared.state.withLock { $0.hasFailed } ? "another worker has failed" : nil)
    }

    /// Lets the other workers of this process end at their next batch.
    func fail() { shared.state.withLock { $0.hasFailed = true } }

    /// The same run for another worker.
    func with(_ connection: any DatabaseConnection, reader: (any DatabaseConnection)?, worker: Int) -> RunContext {
        var copy = self
        copy.worker = worker
        copy.connection = connection
        copy.reader = reader
        copy.sizer = SharedSizer(options.batchSize)
        return copy
    }

    /// Whether what batches do is put down; on the way back, it is not.
    var keepsJournal: Bool { run.journal == .on && run.direction == .up && prefix.isEmpty }

    /// The account of a batch's transaction.
    func batch() -> Batch { Batch(connection, journal: keepsJournal ? BatchJournal(tables) : nil) }

    var ledger: Ledger { Ledger(connection: connection, lease: leaseTime, owner: owner) }

    /// Who the leases of the worker at hand belong to.
    private var owner: Owner { worker.map(shared.owner.worker) ?? shared.owner }
    var retry: Retry { Retry(policy: limits.retry, observer: observer, stop: stop) }

    /// How many batches were committed, by all workers of this process.
    var committedBatches: Int { shared.state.withLock { $0.batches } }

    /// Has the run as if it were begun anew by this process, after a failure that passes.
    func recover() async {
        _ = try? await connection.run([.rollback])
        shared.state.withLock { $0.hasFailed = false }
    }

    /// - Throws: ``MigrationError`` if there would be more bad rows than the migration allows.
    func checkLimit(adding rows: [QuarantinedRow]) throws {
        let bad = rows.count
        guard let first = rows.first else { return }
        let open = shared.state.withLock { $0.openQuarantine } + bad
        guard open > options.quarantineLimit else { return }
        if !prefix.isEmpty {
            throw MigrationError(
                .tooManyFailures,
                "\(run.name): \(bad == 1 ? "1 row" : "\(bad) rows") can't be taken back, and nothing of their batch was "
                    + "(\(first.error)); --on-conflict skip leaves them as they are"
            )
        }
        throw MigrationError(
            .tooManyFailures,
            "\(run.name) stops at more than \(options.quarantineLimit) bad rows (quarantineLimit); azu db:data:failures "
                + "\(run.version) lists those put aside so far. Mend the migration or the rows, and run it again"
        )
    }

    /// Counts a batch, and tells of it.
    ///
    /// - Returns: what was told.
    func committed(_ batch: CommittedBatch, size: Int, duration: Duration, waited: Duration) -> BatchProgress {
        shared.state.withLock { state in
            state.openQuarantine += batch.quarantined.count
            state.batches += 1
        }
        let progress = BatchProgress(
            counters: batch.counters,
            size: size,
            duration: duration,
            position: batch.position,
            quarantined: batch.quarantined,
            waited: waited
        )
        observer.observe(.batch(progress))
        return progress
    }

    /// The lease of the run as a whole, while and after this process had it.
    var lease: Lease? { shared.state.withLock { $0.lease?.lease } }

    /// Remembers the lease of the run as a whole.
    func hold(_ lease: Lease) { shared.state.withLock { $0.lease = (lease, .now) } }

    /// Renews the lease of the run as a whole, six times in the time that it lasts: a statement for the transaction at hand.
    func renewal() -> [Statement] {
        shared.state.withLock { state in
            guard let (lease, renewed) = state.lease, renewed.duration(to: .now) > leaseTime / 6 else { return [] }
            state.lease = (lease, .now)
            return [ledger.renew(lease)]
        }
    }

    /// Runs statements of which one changes a row only while the lease is ours.
    ///
    /// - Throws: ``MigrationError`` if another process has taken the part over.
    @discardableResult
    func run(_ statements: [Statement], fencedAt fence: Int) async throws -> [StatementResult] {
        do {
            return try await connection.run(statements)
        } catch let error as DatabaseError where error.code == .guardFailed && error.statement == fence {
            throw leaseLost
        }
    }

    var leaseLost: MigrationError {
        MigrationError(
            .leaseLost,
            "another process has taken \(run.name) over; this one stops, and what it did last is undone"
        )
    }

    /// A step's condition with the values it had when the run began.
    func bind(_ predicate: SQL?, of step: String) async throws -> SQL? {
        guard let predicate else { return nil }
        let (bound, changed) = try shared.state.withLock { state in
            let before = state.arguments
            let bound = try state.arguments.bind(predicate, of: step, dialect: connection.dialect)
            return (bound, before == state.arguments ? nil : state.arguments)
        }
        if let changed { try await connection.run([ledger.save(changed, of: run)]) }
        return bound
    }
}
