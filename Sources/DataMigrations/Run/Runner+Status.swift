import Database

/// Where a migration stands.
public struct MigrationStatus: Sendable {
    /// Its version.
    public var version: String
    /// Its name.
    public var name: String
    /// The state of its newest run; `nil` if it was never run.
    public var state: RunState?
    /// When it was recorded as executed, by the database's clock, in UTC; `nil` if it is not.
    public var executedAt: String?
    /// What came of the newest run's verification, `passed` or `failed`; `nil` if it was not asked.
    public var verification: String?
    /// When it passed, by the database's clock, in UTC.
    public var verifiedAt: String?
    /// What its newest run did.
    public var counters: ChangeCounters
    /// Rows that wait in quarantine.
    public var openQuarantine: Int
    /// What the journal of its runs holds.
    public var journal = JournalSize()
    /// Why the newest run failed.
    public var error: String?
    /// What is to be known beside: a file that is gone, a source that changed, a run out of order.
    public var notes: [String]
    /// The file it was compiled from.
    public var path: String?
    /// What it belongs to, sorted.
    public var tags: [String] = []
    /// The only environments it is meant for, sorted; all, if there are none.
    public var environments: [String] = []
    /// Whether it was never run, and is not meant for this environment.
    public var isSkipped = false
}

extension Runner {
    /// Where each migration of a plan stands, and those that the ledger knows besides.
    ///
    /// Writes nothing.
    ///
    /// - Throws: ``/Database/DatabaseError``; ``MigrationError`` if a newer program wrote the ledger.
    public func status(of plan: MigrationPlan) async throws -> [MigrationStatus] {
        guard let format = try await ledger.currentFormat() else {
            return plan.entries.map { status($0, nil, nil, ChangeCounters(), 0, isLate: false) }
        }
        guard format <= Ledger.format else {
            try await ledger.prepare()
            return []
        }
        let executed = try await ledger.executed()
        let runs = Dictionary(try await ledger.latestRuns().map { ($0.version, $0) }, uniquingKeysWith: { $1 })
        let newest = executed.keys.max() ?? ""
        var statuses: [MigrationStatus] = []
        for entry in plan.entries {
            let run = runs[entry.version]
            let (counters, open) = try await rows(of: run)
            // One that was begun says itself where it stands.
            let isSkipped = isSkipped(entry, run, executed[entry.version])
            let isLate = run == nil && executed[entry.version] == nil && entry.version < newest && !isSkipped
            var status = status(entry, run, executed[entry.version], counters, open, isLate: isLate)
            if let run, format >= 2 {
                try await addJournal(of: run, to: &status)
                if !run.status.isOver {
                    let waiting = Set(try await ledger.slices(of: run).compactMap(\.waiting)).sorted()
                    status.notes += waiting.filter { $0 != "paused" }.map { "waits: \($0)" }
                }
            }
            statuses.append(status)
        }
        let known = Set(plan.entries.map(\.version))
        let others = Set(executed.keys).union(runs.values.filter { $0.status != .rolledBack }.map(\.version))
        for version in others.subtracting(known) {
            statuses.append(try await missing(version, runs[version], executed[version]))
        }
        return statuses.sorted { $0.version < $1.version }
    }

    /// Where a migration stands that the ledger knows and this program does not: executed, or begun.
    private func missing(
        _ version: String,
        _ run: RunRecord?,
        _ executed: ExecutedMigration?
    ) async throws -> MigrationStatus {
        let (counters, open) = try await rows(of: run)
        return MigrationStatus(
            version: version,
            name: executed?.name ?? run?.name ?? "",
            state: run?.status ?? .succeeded,
            executedAt: executed?.executedAt,
            verification: run?.verification,
            verifiedAt: run?.verifiedAt,
            counters: counters,
            openQuarantine: open,
            error: run?.error,
            notes: ["missing from this program"]
        )
    }

    /// What was done with rows, and how many wait in quarantine.
    private func rows(of run: RunRecord?) async throws -> (counters: ChangeCounters, openQuarantine: Int) {
        guard let run else { return (ChangeCounters(), 0) }
        return (try await ledger.counters(of: run), try await ledger.openQuarantine(of: run))
    }

    private func addJournal(of run: RunRecord, to status: inout MigrationStatus) async throws {
        guard run.status != .rolledBack else { return }
        let runs = try await ledger.standingRuns(of: run.version)
        status.journal = try await ledger.journalSize(of: runs.map(\.id))
        if status.journal.outside > 0 || runs.contains(where: { $0.outside != nil }) {
            status.notes.append("wrote beside its journal")
        }
        if runs.contains(where: { $0.journal == .pruned }) { status.notes.append("journal pruned") }
        if runs.contains(where: { $0.journal == .off }) { status.notes.append("no journal") }
    }

    private func status(
        _ entry: MigrationPlan.Entry,
        _ run: RunRecord?,
        _ executed: ExecutedMigration?,
        _ counters: ChangeCounters,
        _ open: Int,
        isLate: Bool
    ) -> MigrationStatus {
        var notes: [String] = []
        if isLate { notes.append("older than the newest executed one") }
        if let known = run?.sourceChecksum, let now = entry.source?.sha256, known != now {
            notes.append("source changed")
        }
        // A run that failed says so itself.
        if run?.verification == VerificationOutcome.failed.rawValue, run?.status != .failed {
            notes.append("verification failed")
        }
        if let foreign = foreign(entry) { notes.append(foreign) }
        if entry.source == nil { notes.append("source unknown") }
        var status = MigrationStatus(
            version: entry.version,
            name: entry.name,
            state: run?.status ?? (executed == nil ? nil : .succeeded),
            executedAt: executed?.executedAt,
            verification: run?.verification,
            verifiedAt: run?.verifiedAt,
            counters: counters,
            openQuarantine: open,
            error: run?.error,
            notes: notes,
            path: entry.source?.path
        )
        status.tags = entry.tags.sorted()
        status.environments = entry.environments.sorted()
        status.isSkipped = isSkipped(entry, run, executed)
        return status
    }

    private func isSkipped(_ entry: MigrationPlan.Entry, _ run: RunRecord?, _ executed: ExecutedMigration?) -> Bool {
        executed == nil && run == nil && foreign(entry) != nil
    }

    /// The rows of a migration's newest run that were put aside, or of its rollback that could not be taken back, in the order in which they were; at most `limit`, behind
    /// the one with number `after`.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func failures(
        of entry: MigrationPlan.Entry,
        after: Int64 = 0,
        limit: Int = 1_000
    ) async throws -> [(number: Int64, row: QuarantinedRow)] {
        guard try await ledger.currentFormat() != nil, let run = try await ledger.latestRun(of: entry.version) else {
            return []
        }
        let status = run.direction == .down ? "skipped" : "open"
        return try await ledger.quarantined(of: run, status: status, after: after, limit: limit).map { ($0.id, $0.row) }
    }
}
