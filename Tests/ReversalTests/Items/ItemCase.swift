import DataMigrations
import Database
import TestSupport

/// A random migration of random tables, made of a seed.
struct ItemCase: CustomStringConvertible, Sendable {
    private enum Work: CaseIterable {
        case rewrite, churn, steps
    }

    private let seed: UInt64
    private let store: Store
    private let key: KeyKind
    private let triggers: Triggers
    private let rows: Int
    private let work: Work
    private let recipe: Recipe
    /// After how many batches the rollback is stopped once.
    private let stop: Int?

    init(seed: UInt64, in store: Store) {
        var random = SplitMix(state: seed)
        self.seed = seed
        self.store = store
        let key = random.pick(KeyKind.all(in: store))
        self.key = key
        triggers = random.pick([.none, .none, .noting, .storing])
        let most = random.chance(30) ? 5_000 : 900
        let size = random.pick([0, 1, 20, 20, 20, 60, 60, 60, 400, most])
        let rows = size < 2 ? size : 1 + random.below(size)
        // Statements that change rows find them by another key than DELETE does, where SQLite has NULL in the key.
        let works: [Work] = key == .nullable ? [.rewrite, .churn] : Work.allCases
        let work = random.pick(works)
        let sizes = rows > 400 ? [100, 500, 1_000] : rows > 60 ? [10, 50, 1_000] : [1, 3, 10, 100]
        var recipe = Recipe(seed: seed, batchSize: random.pick(sizes), share: random.pick([10, 60, 100]))
        recipe.edits = (0..<(1 + random.below(3))).map { _ in Self.edits(using: &random) }
        recipe.isMarked = random.chance(40)
        // Rows are taken in the order of their numbers there, and each conflict costs a transaction.
        recipe.shifts = work == .rewrite && key == .integer && !recipe.isMarked && rows <= 200 && random.chance(40)
        recipe.swaps = random.chance(40)
        recipe.deletes = random.pick([0, 30, 100])
        recipe.conflict = random.pick(Recipe.Conflict.allCases)
        stop = random.chance(30) ? 1 + random.below(4) : nil
        (self.rows, self.work, self.recipe) = (rows, work, recipe)
    }

    /// Some columns, each once.
    private static func edits(using random: inout SplitMix) -> [Edit] {
        let names = Columns.all.map { $0.name }.shuffled(using: &random).prefix(1 + random.below(8))
        return names.map { Edit(column: $0, clears: random.chance(20)) }
    }

    var description: String {
        "seed \(seed) on \(store): \(rows) rows by \(key), triggers \(triggers), \(work), \(recipe), stop \(stop ?? 0)"
    }

    /// Migrates, and rolls back.
    ///
    /// - Returns: what is not as it was; `nil` if all is.
    /// - Throws: what keeps one or the other from being done.
    func failure(in connection: any DatabaseConnection) async throws -> String? {
        switch key {
        case .integer: return try await failure(IntegerItem.self, connection)
        case .text, .withoutRowid: return try await failure(TextItem.self, connection)
        case .uuid: return try await failure(UUIDItem.self, connection)
        case .pair: return try await failure(PairItem.self, connection)
        case .nullable: return try await failure(NullableItem.self, connection)
        case .keyless: return try await failure(KeylessItem.self, connection)
        }
    }

    private func migration<M: Item>(_ model: M.Type) -> any DataMigration {
        switch work {
        case .rewrite: Rewrite<M>(recipe)
        case .churn: Churn<M>(recipe)
        case .steps: Steps<M>(recipe)
        }
    }

    private func failure<M: Item>(_ model: M.Type, _ connection: any DatabaseConnection) async throws -> String? {
        var random = SplitMix(state: seed ^ 0x5eed)
        try await ItemTables(store: store, key: key, triggers: triggers, rows: rows, connection: connection)
            .make(using: &random)
        let before = try await Snapshot(connection)
        let migration = entry(migration(model))
        let report = try await connection.runner().migrate(migration)
        guard report?.status == .succeeded else { return "the migration ends as \(String(describing: report?.status))" }
        // Else all that follows would prove nothing.
        if recipe.shifts, rows > 0, try await Snapshot(connection) == before {
            return "the migration has changed nothing"
        }
        return try await RoundTrip(migration: migration, before: before, stop: stop, connection: connection).failure()
    }
}

/// The way back of a migration that was run, where nobody has written since.
struct RoundTrip {
    let migration: MigrationPlan.Entry
    let before: Snapshot
    let stop: Int?
    let connection: any DatabaseConnection

    /// What is not as it was before the migration.
    func failure() async throws -> String? {
        let all = try await Snapshot(connection, ledger: true)
        let plan = try await connection.runner().rollbackPlan(of: migration)
        if let difference = try await Snapshot(connection, ledger: true).difference(from: all) {
            return "the plan has written: \(difference)"
        }
        if plan.conflictCount > 0 {
            return "the plan foresees \(plan.conflictCount) conflicts: \(plan.conflicts.prefix(2))"
        }
        if let stop {
            let paused = try await connection.runner(stoppingAfter: stop).rollback(migration)
            if paused.status == .paused { return try await end(plan) }
            return try await result(paused, plan)
        }
        return try await end(plan)
    }

    private func end(_ plan: RollbackPlan) async throws -> String? {
        try await result(connection.runner().rollback(migration), plan)
    }

    private func result(_ report: RunReport, _ plan: RollbackPlan) async throws -> String? {
        guard report.status == .rolledBack else { return "the rollback ends as \(report.status)" }
        guard report.conflicts == 0 else { return "\(report.conflicts) conflicts" }
        let counters = report.counters
        guard counters.written + counters.skipped == plan.rows else {
            return "the plan counts \(plan.rows) rows, the rollback \(counters)"
        }
        guard try await connection.number("SELECT count(*) FROM data_migrations") == 0 else {
            return "the migration is still recorded as executed"
        }
        return try await Snapshot(connection).difference(from: before)
    }
}
