import DataMigrations
import TestSupport

/// What a random migration does.
struct Recipe: Sendable {
    var seed: UInt64 = 0
    var batchSize = 100
    /// How many rows of a hundred are changed.
    var share = 50
    /// A row that is changed is changed in one of these ways.
    var edits: [[Edit]] = [[]]
    /// Whether rows are chosen by a condition that they leave.
    var isMarked = false
    /// Whether each row takes the unique value that the row before it gives up.
    var shifts = false
    /// Whether neighbors exchange their unique values.
    var swaps = false
    /// How many rows of a hundred are deleted; all, without a key to find some by.
    var deletes = 0
    /// What becomes of a copy whose source is there.
    var conflict = Conflict.fail

    enum Conflict: CaseIterable, Sendable {
        case fail, skip, update, updateNote
    }

    var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }

    /// The random choices about a row, the same whenever they are made.
    func choices(_ slot: Int64, _ purpose: UInt64) -> SplitMix {
        var random = SplitMix(state: seed &+ purpose &* 1_000_003 &+ UInt64(bitPattern: slot) &* 7_919)
        _ = random.next()
        return random
    }

    /// Changes a row, if it is one of those that are changed.
    ///
    /// - Returns: whether it is.
    func edit(_ item: inout some Item) -> Bool {
        var random = choices(item.slot, 1)
        guard random.chance(share) else { return false }
        item.apply(random.pick(edits), using: &random)
        return true
    }
}

/// Changes rows in place.
struct Rewrite<M: Item>: RowMigration {
    private let recipe: Recipe

    init() { recipe = Recipe() }
    init(_ recipe: Recipe) { self.recipe = recipe }

    var options: MigrationOptions { recipe.options }

    var rows: Query<M> {
        if recipe.isMarked { return M.where("mark IS NULL") }
        // A table without a key needs a condition.
        return M.isFoundByKey ? M.all : M.where("1 = 1")
    }

    func transform(_ item: inout M) {
        _ = recipe.edit(&item)
        if recipe.isMarked { item.mark = "done" }
        if recipe.shifts { item.slot += 2 }
    }
}
