/// What is told of the turns that runs take: to a migration about its own, and to ``Runner/hooks`` about all.
///
///     struct ArchiveOldOrders: BatchMigration {
///         func didFinish(_ run: RunReport) async throws { try await mail("\(run.counters.deleted) orders are archived") }
///         …
///     }
///
/// This is the place for what acts on anything but the database. Each is called outside of every transaction, by the
/// process that has the run take the turn, once the turn is committed; the batches of a run call nothing. A process that is
/// killed between the two tells nobody, so don't count on a call: the ledger is what holds.
///
/// A hook that throws changes nothing about the run: its error is told as a warning, and recorded as an event.
public protocol RunHooks: Sendable {
    /// A run began, or a process goes on with one that was stopped, killed, or has failed (``RunInfo/isResumed``).
    ///
    /// It is called before the first batch, which waits for it.
    func didStart(_ run: RunInfo) async throws

    /// A run is through: succeeded, quarantined, or rolled back. Called again where rows in quarantine were retried or
    /// accepted.
    func didFinish(_ run: RunReport) async throws

    /// A run has failed. One that is refused before its first write, as a rollback with conflicts is, keeps its status.
    func didFail(_ run: RunReport) async throws

    /// A run was paused or stopped on purpose, and there is more to do.
    func didPause(_ run: RunReport) async throws
}

extension RunHooks {
    /// Does nothing.
    public func didStart(_ run: RunInfo) async throws {}
    /// Does nothing.
    public func didFinish(_ run: RunReport) async throws {}
    /// Does nothing.
    public func didFail(_ run: RunReport) async throws {}
    /// Does nothing.
    public func didPause(_ run: RunReport) async throws {}
}

/// A turn that a run takes.
enum RunTurn {
    case started(RunInfo)
    case finished(RunReport)
    case failed(RunReport)
    case paused(RunReport)

    /// Tells somebody.
    func tell(_ hooks: any RunHooks) async throws {
        switch self {
        case .started(let run): try await hooks.didStart(run)
        case .finished(let run): try await hooks.didFinish(run)
        case .failed(let run): try await hooks.didFail(run)
        case .paused(let run): try await hooks.didPause(run)
        }
    }

    /// The function that is called.
    var name: String {
        switch self {
        case .started: "didStart"
        case .finished: "didFinish"
        case .failed: "didFail"
        case .paused: "didPause"
        }
    }
}
