public import DataMigrations
public import Logging
public import ServiceLifecycle
import Synchronization

/// Runs a server's pending data migrations while it starts, as one of its services.
///
///     let gate = MigrationGate()
///     let migrations = MigrationService(.discovered, gate: gate) {
///         Runner(try await PostgresConnection(url), observer: LoggingObserver(logger))
///     }
///     let group = ServiceGroup(services: [migrations, server], gracefulShutdownSignals: [.sigterm], logger: logger)
///     try await group.run()
///
/// A graceful shutdown, or the cancellation of its task, ends it behind the batch at hand: what is committed stays, and the
/// next start goes on there. Several servers can start at once: they share the rows of a table where the database lets
/// them, and otherwise wait for the one that is at work.
public struct MigrationService: Service {
    /// What becomes of the service once all migrations are done.
    public enum End: Sendable, Hashable {
        /// It waits for the server's shutdown, so that the group goes on: a group ends with the first service that returns.
        case waitsForShutdown
        /// It returns: for a program that does nothing but migrate, or a group that has
        /// `successTerminationBehavior: .ignore` for it.
        case returns
    }

    private let plan: MigrationPlan
    private let gate: MigrationGate
    private let retryDelay: Duration?
    private let end: End
    private let logger: Logger
    private let makeRunner: @Sendable () async throws -> Runner
    /// Why a run is stopped.
    private static let shutdown = "shutdown"
    /// How often to look whether another process is through.
    private static let patience = Duration.seconds(2)

    /// Makes a service.
    ///
    /// - Parameters:
    ///   - plan: the migrations, in their order; those that are executed are passed over.
    ///   - gate: is opened when all are done.
    ///   - retryDelay: how long to wait before a migration that failed, was paused, or has rows in quarantine is tried
    ///     again, until the server is shut down; one that somebody cancelled stays so, and the gate closed. `nil`: ``run()``
    ///     throws, and the group ends as its configuration says.
    ///   - end: what becomes of the service once all are done.
    ///   - logger: is told what the service does beside its runs; these tell the runner's observer.
    ///   - makeRunner: opens a connection for the service alone, which closes it. The runner's `stop` is replaced.
    public init(
        _ plan: MigrationPlan,
        gate: MigrationGate = MigrationGate(),
        retryDelay: Duration? = nil,
        end: End = .waitsForShutdown,
        logger: Logger = Logger(label: "azu.service"),
        makeRunner: @escaping @Sendable () async throws -> Runner
    ) {
        self.plan = plan
        self.gate = gate
        self.retryDelay = retryDelay
        self.end = end
        self.logger = logger
        self.makeRunner = makeRunner
    }

    /// Runs what is pending, and then waits for the server's shutdown, or returns, as ``End`` says.
    ///
    /// - Throws: ``MigrationsNotDone`` if a migration can't be done and is not to be tried again. A shutdown is no error.
    public func run() async throws {
        let stop = StopSignal()
        try await withTaskCancellationOrGracefulShutdownHandler {
            // The cancellation of a task would interrupt a statement in the middle, and have the run fail: what works is a
            // task that nobody cancels, and which is asked to stop.
            let work = Task { try await attempts(stop) }
            do {
                try await work.value
            } catch {
                let reason = (error as? MigrationsNotDone)?.reason ?? "\(error)"
                gate.move(to: .closed(reason))
                throw (error as? MigrationsNotDone) ?? MigrationsNotDone(reason: reason)
            }
        } onCancelOrGracefulShutdown: {
            stop.request(Self.shutdown)
        }
        guard stop.requested != Self.shutdown, end == .waitsForShutdown else { return }
        // A cancelled task is how a group without a graceful shutdown ends its services.
        try? await gracefulShutdown()
    }

    /// Tries until all are done, or somebody asks for a stop.
    private func attempts(_ stop: StopSignal) async throws {
        while stop.requested != Self.shutdown {
            var outcome = await attempt(stop)
            if outcome != .done, let reason = stop.requested {
                if reason == Self.shutdown { break }
                // A limit of the runner's own: its time is over.
                outcome = .cancelled(reason)
            }
            switch outcome {
            case .done: return gate.move(to: .open)
            case .held(let reason):
                logger.info("waiting for another process", metadata: ["reason": "\(reason)"])
                try await Task.sleep(for: Self.patience) { stop.requested != nil }
            case .cancelled(let reason):
                if retryDelay == nil { throw MigrationsNotDone(reason: reason) }
                // Whoever cancelled it does not want it to be tried again; nor the server to end.
                logger.error("a data migration is left as it is", metadata: ["reason": "\(reason)"])
                return gate.move(to: .closed(reason))
            case .failed(let reason):
                guard let retryDelay else { throw MigrationsNotDone(reason: reason) }
                gate.move(to: .retrying(reason))
                logger.error(
                    "a data migration is not done; it is tried again",
                    metadata: ["reason": "\(reason)", "seconds": "\(retryDelay / .seconds(1))"]
                )
                try await Task.sleep(for: retryDelay) { stop.requested != nil }
            }
        }
        logger.notice("stopped before all data migrations were done; the next start goes on")
        gate.move(to: .closed("the server shuts down"))
    }

    private enum Outcome: Hashable {
        case done
        /// Another process has the migration.
        case held(String)
        /// A person does not want it to go on.
        case cancelled(String)
        case failed(String)
    }

    /// Runs what is pending, with a connection of its own: the last one may be why it failed.
    private func attempt(_ stop: StopSignal) async -> Outcome {
        do {
            var runner = try await makeRunner()
            runner.stop = stop
            let outcome: Outcome
            do {
                outcome = try await migrate(runner)
            } catch let error as MigrationError where error.code == .held || error.code == .leaseLost {
                outcome = .held(error.description)
            } catch {
                outcome = .failed("\(error)")
            }
            await runner.connection.close()
            return outcome
        } catch {
            return .failed("\(error)")
        }
    }

    private func migrate(_ runner: Runner) async throws -> Outcome {
        for entry in plan.entries {
            if let reason = runner.stop.requested { return .cancelled(reason) }
            gate.move(to: .running(entry.name))
            if try await runner.isCancelledByHand(entry) { return cancelled(entry) }
            guard let report = try await runner.migrate(entry) else { continue }
            switch report.status {
            case .succeeded: continue
            case .quarantined:
                return .failed(
                    "\(entry.name) has rows in quarantine (\(report.openQuarantine)); azu db:data:failures \(entry.version) "
                        + "lists them"
                )
            case .cancelled where try await runner.isCancelledByHand(entry): return cancelled(entry)
            // The process that led it shuts down; then this one can lead.
            case .cancelled: return .held("the process that worked on \(entry.name) stopped")
            case .paused: return .failed("\(entry.name) is paused; azu db:data:resume \(entry.version) lets it go on")
            case .running: return .held("\(entry.name) goes on in another process")
            case .pending, .failed, .rollingBack, .rolledBack:
                return .failed("\(entry.name) is \(report.status.rawValue)")
            }
        }
        return .done
    }

    private func cancelled(_ entry: MigrationPlan.Entry) -> Outcome {
        .cancelled("\(entry.name) was cancelled by db:data:cancel; azu db:data:run \(entry.version) goes on with it")
    }
}
