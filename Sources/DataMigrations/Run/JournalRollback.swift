import Database

/// Takes a migration back by its journal.
struct JournalRollback {
    let context: RunContext
    let policy: ConflictPolicy
    /// Whether to go on although the migration also wrote what no journal can take back.
    let journaledOnly: Bool

    private var ledger: Ledger { context.ledger }
    private var step: String { RunContext.downPrefix + "journal" }
    private var name: String { context.run.name }

    /// - Throws: ``MigrationError`` if there is no way back; `conflict` before the first write if rows are in the way and
    ///   the policy is to stop.
    func run() async throws {
        let pages = try await way().pages
        let size = try await ledger.journalSize(of: pages.runs)
        let begun = try await ledger.slices(of: context.run, step: step).first
        if let begun, begun.isDone { return }
        let cursor = begun?.cursor.flatMap(Int64.init) ?? .max
        if policy == .stop { try await refuseConflicts(pages, before: cursor) }
        try await ledger.openSlice(NewSlice(step: step, number: 0, kind: .journal, total: size.rows), of: context.run)
        guard let slice = try await ledger.slices(of: context.run, step: step).first else { return }
        let lease = try await ledger.claim(slice, of: context.run)
        context.observer.observe(
            .reading(ReadingInfo(label: "journal", total: .rows(slice.total ?? size.rows), done: slice.counters))
        )
        let feed = JournalFeed(pages, before: cursor)
        let work = UndoWork(policy: policy, tables: context.tables)
        let checkpoint = Checkpoint(slice, lease: lease, walk: nil)
        try await context.holding(lease) {
            _ = try await Pipeline(feed, work, checkpoint: checkpoint, context: context).run()
        }
    }

    /// What it would do.
    func plan() async throws -> RollbackPlan {
        let (pages, outside) = try await way()
        let begun = try await ledger.slices(of: context.run, step: step).first
        let cursor = begun?.cursor.flatMap(Int64.init) ?? .max
        var plan = try await RollbackForecast(pages: pages, tables: context.tables).run(before: cursor)
        plan.outside = outside
        return plan
    }

    private func refuseConflicts(_ pages: JournalPages, before cursor: Int64) async throws {
        context.observer.observe(.message("looks for rows that were changed since"))
        let plan = try await RollbackForecast(pages: pages, tables: context.tables).run(before: cursor)
        guard plan.conflictCount > 0 else { return }
        let rows = plan.conflictCount == 1 ? "1 row was" : "\(plan.conflictCount) rows were"
        throw MigrationError(
            .conflict,
            "\(name): \(rows) changed since the migration, so nothing is rolled back; "
                + "azu db:data:rollback --version \(context.run.version) --plan shows them, --on-conflict skip leaves them "
                + "as they are, --on-conflict force overwrites them"
        )
    }

    /// The journal of all runs whose work is in the tables, and what they wrote beside it.
    private func way() async throws -> (pages: JournalPages, outside: [String]) {
        let runs = try await ledger.standingRuns(of: context.run.version)
        for run in runs {
            if let error = Self.noWayBack(run.journal, name) { throw error }
        }
        let outside = try await ledger.outsideWrites(of: runs)
        if let first = outside.first, !journaledOnly {
            throw MigrationError(
                .irreversible,
                "\(name) also wrote what no journal can take back (\(first)); give it a down(_:), or roll back what is in "
                    + "the journal alone with --journaled-only"
            )
        }
        return (JournalPages(connection: context.connection, runs: runs.map(\.id)), outside)
    }

    /// Why a run can't be taken back by its journal; `nil` if it can.
    static func noWayBack(_ journal: JournalState, _ name: String) -> MigrationError? {
        let reason: String? =
            switch journal {
            case .on: nil
            case .off: "can't be rolled back: its options say journal: .off, and it has no down(_:)"
            case .none: "can't be rolled back: it was run, or marked, without a journal, and it has no down(_:)"
            case .pruned: "can't be rolled back: its journal was pruned, and it has no down(_:)"
            }
        return reason.map { MigrationError(.irreversible, "\(name) \($0)") }
    }
}
