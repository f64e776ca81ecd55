import Database
import Synchronization

/// What the parts of a run have in common.
final class RunContext: Sendable {
    let connection: any DatabaseConnection
    let run: RunRecord
    let options: MigrationOptions
    let observer: any ProgressObserver
    let stop: StopSignal
    /// Whether only the rows in quarantine are worked on.
    let retriesQuarantine: Bool
    /// What stands before the names of steps: a way back has steps of its own.
    let prefix: String
    private let state: Mutex<State>

    private struct State {
        var openQuarantine: Int
        var arguments: BoundArguments
        /// The lease of the run as a whole, and when it was last renewed.
        var lease: (lease: Lease, renewed: ContinuousClock.Instant)?
    }

    init(
        connection: any DatabaseConnection,
        run: RunRecord,
        options: MigrationOptions,
        observer: any ProgressObserver,
        stop: StopSignal,
        openQuarantine: Int,
        retriesQuarantine: Bool,
        direction: RunDirection
    ) {
        self.connection = connection
        self.run = run
        self.options = options
        self.observer = observer
        self.stop = stop
        self.retriesQuarantine = retriesQuarantine
        prefix = direction == .down ? "down/" : ""
        state = Mutex(State(openQuarantine: openQuarantine, arguments: run.arguments))
    }

    var ledger: Ledger { Ledger(connection: connection) }
    var retry: Retry { Retry(observer: observer) }

    /// - Throws: ``MigrationError`` if there would be more bad rows than the migration allows.
    func checkLimit(adding bad: Int) throws {
        guard bad > 0 else { return }
        let open = state.withLock { $0.openQuarantine } + bad
        guard open > options.quarantineLimit else { return }
        if !prefix.isEmpty {
            throw MigrationError(
                .tooManyFailures,
                "\(run.name): \(bad) rows can't be taken back; nothing of their batch was"
            )
        }
        throw MigrationError(
            .tooManyFailures,
            "\(run.name) stops at more than \(options.quarantineLimit) bad rows (quarantineLimit); azu db:data:failures "
                + "\(run.version) lists those put aside so far. Mend the migration or the rows, and run it again"
        )
    }

    func committed(_ batch: CommittedBatch, size: Int, duration: Duration) {
        state.withLock { $0.openQuarantine += batch.quarantined.count }
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

    /// Remembers the lease of the run as a whole.
    func hold(_ lease: Lease) { state.withLock { $0.lease = (lease, .now) } }

    /// Renews the lease of the run as a whole, every ten seconds: a statement for the transaction at hand.
    func renewal() -> [Statement] {
        state.withLock { state in
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
            throw MigrationError(
                .leaseLost,
                "another process has taken \(run.name) over; this one stops, and what it did last is undone"
            )
        }
    }

    /// A step's condition with the values it had when the run began.
    func bind(_ predicate: SQL?, of step: String) async throws -> SQL? {
        guard let predicate else { return nil }
        let (bound, changed) = try state.withLock { state in
            let before = state.arguments
            let bound = try state.arguments.bind(predicate, of: step, dialect: connection.dialect)
            return (bound, before == state.arguments ? nil : state.arguments)
        }
        if let changed { try await connection.run([ledger.save(changed, of: run)]) }
        return bound
    }
}
