import Database

/// A run that goes on somewhere, as the ledger shows it.
public struct LiveRun: Sendable {
    /// The migration's version.
    public var version: String
    /// The migration's name.
    public var name: String
    /// Whether it makes the change or takes it back.
    public var direction: RunDirection
    /// `running`, `paused` or `rolling_back`.
    public var status: RunState
    /// What was done so far.
    public var counters: ChangeCounters
    /// How many batches were committed.
    public var batches: Int
    /// How many rows there were to do when it began, where that is known.
    public var total: Int?
    /// Bad rows that nobody has retried or accepted yet.
    public var openQuarantine: Int
    /// Whether it takes rows once more through a migration that is executed: `db:data:run --again` goes on with it.
    public var isAgain: Bool
    /// The processes at work: `process 4711 on shop-1`; none, if they were killed.
    ///
    /// That is known at once of this host's processes, of others when their leases have ended.
    public var processes: [String]
    /// How many workers they have.
    public var workers: Int
    /// Why it waits: nothing, if it does not.
    public var waiting: [String]
    /// What was set for it while it went on.
    public var settings: RunSettings
}

extension Runner {
    /// The runs that go on, of all hosts; one whose processes were killed is among them.
    ///
    /// Writes nothing.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func liveRuns() async throws -> [LiveRun] {
        guard try await ledger.currentFormat() ?? 0 >= 2 else { return [] }
        let executed = try await ledger.executed()
        var live: [LiveRun] = []
        for run in try await ledger.latestRuns() where !run.status.isOver {
            let slices = try await ledger.slices(of: run).filter { slice in
                (slice.step.hasPrefix(RunContext.downPrefix)) == (run.direction == .down)
            }
            let held = try await ledger.heldSlices(of: run, among: slices)
            let atWork = held.filter { !$0.step.hasSuffix("*") }
            live.append(
                LiveRun(
                    version: run.version,
                    name: run.name,
                    direction: run.direction,
                    status: run.status,
                    counters: try await ledger.counters(of: run),
                    batches: slices.reduce(0) { $0 + $1.batches },
                    total: slices.compactMap(\.total).first,
                    openQuarantine: try await ledger.openQuarantine(of: run),
                    isAgain: run.direction == .up && executed[run.version] != nil,
                    processes: unique(held.compactMap { $0.owner.flatMap(Owner.init(name:))?.place }),
                    workers: atWork.count,
                    waiting: unique(atWork.compactMap(\.waiting)),
                    settings: RunSettings(json: run.settings)
                )
            )
        }
        return live
    }

    private func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}

extension Ledger {
    /// The parts whose leases last, and whose owners are not known to be gone.
    func heldSlices(of run: RunRecord, among slices: [SliceRecord]) async throws -> [SliceRecord] {
        let leased = try await leasedSlices(of: run)
        return slices.filter { slice in
            leased.contains(slice.id) && slice.owner.flatMap(Owner.init(name:))?.isGone != true
        }
    }
}
