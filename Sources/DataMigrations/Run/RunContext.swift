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
    /// How many workers this process has.
    let workers: Int
    private let shared: Shared

    /// What stands before the names of the steps of a way back.
    static let downPrefix = "down/"

    /// What the workers of a process share.
    private final class Shared: Sendable {
        let state: Mutex<State>

        init(_ state: sending State) { self.state = Mutex(state) }
    }

    private struct State {
        var openQuarantine: Int
        var arguments: BoundArguments
        /// The lease of the run as a whole, and when it was last renewed.
        var lease: (lease: Lease, renewed: ContinuousClock.Instant)?
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
        workers: Int
    ) {
        self.connection = connection
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
        _ entry: MigrationPlan.Entry,
        _ options: MigrationOptions,
        _ observer: any ProgressObserver,
        _ stop: StopSignal,
        direction: RunDirection
    ) {
        self.init(
            connection: preview.connection,
            run: RunRecord(previewing: entry, direction: direction),
            options: options,
            observer: observer,
            stop: stop,
            openQuarantine: 0,
            retriesQuarantine: false,
            direction: direction,
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
    func with(_ connection: any DatabaseConnection, reader: (any DatabaseConnection)?) -> RunContext {
        var copy = self
        copy.connection = connection
        copy.reader = reader
        copy.sizer = SharedSizer(options.batchSize)
        return copy
    }

    /// Whether what batches do is put down; on the way back, it is not.
    var keepsJournal: Bool { run.journal == .on && run.direction == .up && prefix.isEmpty }

    /// The account of a batch's transaction.
    func batch() -> Batch { Batch(connection, journal: keepsJournal ? BatchJournal(tables) : nil) }

    var ledger: Ledger { Ledger(connection: connection) }
    var retry: Retry { Retry(observer: observer) }

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

    func committed(_ batch: CommittedBatch, size: Int, duration: Duration) {
        shared.state.withLock { $0.openQuarantine += batch.quarantined.count }
        observer.observe(
            .batch(
                BatchProgress(
                    counters: batch.counters,
                    size: size,
                    duration: duration,
                    position: batch.position,
                    quarantined: batch.quarantined
                )
            )
        )
    }

    /// The lease of the run as a whole, while and after this process had it.
    var control: Lease? { shared.state.withLock { $0.lease?.lease } }

    /// Remembers the lease of the run as a whole.
    func hold(_ lease: Lease) { shared.state.withLock { $0.lease = (lease, .now) } }

    /// Renews the lease of the run as a whole, every ten seconds: a statement for the transaction at hand.
    func renewal() -> [Statement] {
        shared.state.withLock { state in
            guard let (lease, renewed) = state.lease, renewed.duration(to: .now) > .seconds(10) else { return [] }
            state.lease = (lease, .now)
            return [ledger.renew(lease)]
        }
    }

    /// Runs statements of which one changes a row only while the lease is ours.
    ///
    /// - Throws: ``MigrationError`` if another process has taken the part over.
    func run(_ statements: [Statement], fencedAt fence: Int) async throws {
        do {
            try await connection.run(statements)
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
