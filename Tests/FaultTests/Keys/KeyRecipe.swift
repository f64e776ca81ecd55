import DataMigrations
import Database

/// A row of `items`: the model knows nothing of the table's key.
struct KeyedRow: Model {
    static let table = "items"
    static let primaryKey = ["slot"]
    var slot: Int64
    var done: Int64
}

/// What a migration does with the rows of `items`.
struct KeyRecipe: Sendable, CustomStringConvertible {
    enum Work: CaseIterable, Sendable {
        /// Adds 1 to each row.
        case update
        /// Notes each row.
        case note
        /// Notes each row, and deletes it.
        case move
    }

    /// Which rows.
    enum Condition: CaseIterable, Sendable {
        case everything
        /// A condition that changed rows still meet.
        case lasting
        /// Conditions that they leave.
        case leaving, both
    }

    var work = Work.update
    var condition = Condition.everything
    var batchSize = 10
    var keepsJournal = true

    var description: String {
        "\(work) \(condition), batches of \(batchSize)\(keepsJournal ? "" : ", no journal")"
    }

    var options: MigrationOptions {
        MigrationOptions(batchSize: .fixed(batchSize), journal: keepsJournal ? .on : .off)
    }

    private static let wanted: Int64 = 1
    private static let unwanted: Int64 = 2

    var query: Query<KeyedRow> {
        switch condition {
        case .everything: KeyedRow.all
        case .lasting: KeyedRow.where("kind = \(Self.wanted)")
        case .leaving: KeyedRow.where("done = 0")
        case .both: KeyedRow.where("done = 0").where("kind <> \(Self.unwanted)")
        }
    }

    /// Whether a row with these values meets the condition.
    func isMet(kind: Int64, done: Int64) -> Bool {
        switch condition {
        case .everything: true
        case .lasting: kind == Self.wanted
        case .leaving: done == 0
        case .both: done == 0 && kind != Self.unwanted
        }
    }

    /// The migration, as a plan has it.
    var entry: MigrationPlan.Entry {
        let recipe = self
        return MigrationPlan.Entry(version: "20240101120000", name: "visit_rows") {
            switch recipe.work {
            case .update: return AddOne(recipe)
            case .note, .move: return NoteRows(recipe)
            }
        }
    }
}

/// Adds 1 to each row: one that is changed twice shows it.
private struct AddOne: RowMigration {
    private let recipe: KeyRecipe

    init() { recipe = KeyRecipe() }
    init(_ recipe: KeyRecipe) { self.recipe = recipe }

    var options: MigrationOptions { recipe.options }
    var rows: Query<KeyedRow> { recipe.query }
    func transform(_ row: inout KeyedRow) { row.done += 1 }
}

/// Notes each row in `seen`, which has no constraint that would keep it from being noted twice.
private struct NoteRows: BatchMigration {
    struct Seen: Model {
        static let table = "seen"
        var id: Int64?
        var slot: Int64
    }

    private let recipe: KeyRecipe

    init() { recipe = KeyRecipe() }
    init(_ recipe: KeyRecipe) { self.recipe = recipe }

    var options: MigrationOptions { recipe.options }
    var rows: Query<KeyedRow> { recipe.query }

    func process(_ rows: [KeyedRow], _ batch: Batch) async throws {
        try await batch.insert(rows.map { Seen(id: nil, slot: $0.slot) })
        if recipe.work == .move { try await batch.deleteRows() }
    }
}
