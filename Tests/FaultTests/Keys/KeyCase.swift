import Database
import TestSupport

/// A random key, a random table, and a random migration of it, made of a seed.
struct KeyCase: Sendable, CustomStringConvertible {
    private let seed: UInt64
    private let store: Store
    private let shape: KeyShape
    private let rows: Int
    private let run: KeyRun

    /// - Parameters:
    ///   - seed: the same one makes the same case.
    ///   - store: the database.
    ///   - isLarge: whether the table has rows enough for several parts, which workers share.
    init(seed: UInt64, in store: Store, isLarge: Bool = false) {
        var random = SplitMix(state: seed)
        self.seed = seed
        self.store = store
        let shape = KeyShape(in: store, isLarge: isLarge, using: &random)
        self.shape = shape
        let most = random.pick([1, 2, 20, 80, 80, 300])
        rows = isLarge ? 60_000 + random.below(20_000) : random.below(most + 1)

        var recipe = KeyRecipe()
        recipe.work = random.pick(KeyRecipe.Work.allCases)
        recipe.condition = random.pick(Self.conditions(for: recipe.work, on: shape, in: store))
        recipe.batchSize = isLarge ? random.pick([500, 1_000, 3_000]) : 1 + random.below(50)
        recipe.keepsJournal = random.chance(70)

        var table = KeyTable(store: store, names: shape.names, definition: shape.definition, end: shape.end)
        table.hasTrigger = recipe.work == .update && random.chance(50)
        table.hasIndex = random.chance(30)
        table.isNumberUnique = random.chance(50)
        table.isAnalyzed = random.chance(30)
        table.hasGaps = random.chance(20)
        table.filler = isLarge ? 0 : random.pick([0, 0, 700])

        var attempts: [KeyRun.Attempt] = []
        for _ in 0..<random.pick([0, 0, 1, 1, 2]) {
            let batches = 1 + random.below(isLarge ? 60 : 8)
            attempts.append(KeyRun.Attempt(batches: batches, workers: Self.workers(isLarge, store, using: &random)))
        }
        attempts.append(KeyRun.Attempt(batches: nil, workers: Self.workers(isLarge, store, using: &random)))
        run = KeyRun(table: table, recipe: recipe, attempts: attempts)
    }

    /// Rows that are changed without a key to find them by need a condition, on PostgreSQL one that they leave.
    private static func conditions(
        for work: KeyRecipe.Work,
        on shape: KeyShape,
        in store: Store
    ) -> [KeyRecipe.Condition] {
        guard work == .update, shape.isOptional else { return KeyRecipe.Condition.allCases }
        return store == .postgres ? [.leaving, .both] : [.lasting, .leaving, .both]
    }

    private static func workers(_ isLarge: Bool, _ store: Store, using random: inout SplitMix) -> Int {
        if store == .sqlite { return 1 }
        return isLarge || random.chance(50) ? 3 : 1
    }

    var description: String {
        let attempts = run.attempts.map { attempt in
            let stop = attempt.batches.map { " until batch \($0)" } ?? ""
            return "\(attempt.workers) workers\(stop)"
        }
        return "AZU_TEST_SEED=\(seed) on \(store), \(rows) keys of \(run.table): \(run.recipe), "
            + attempts.joined(separator: ", ")
    }

    /// Runs the migration.
    ///
    /// - Parameter connection: an empty database.
    /// - Returns: what went wrong; `nil` if each row was visited once, or the server lacks a collation.
    /// - Throws: what keeps the migration from being run.
    func failure(in connection: any DatabaseConnection) async throws -> String? {
        guard try await shape.prepare(connection) else { return nil }
        var random = SplitMix(state: seed ^ 0x5eed)
        let keys = shape.keys(rows, using: &random)
        return try await run.failure(keys, using: &random, in: connection)
    }
}
