/// A table, guessed from words of a migration's name, and what Swift calls its rows.
struct GuessedTable: Equatable {
    /// The table: `order_items`.
    var name: String
    /// The model: `OrderItem`.
    var model: String
    /// A variable of many rows: `orderItems`.
    var many: String
    /// A variable of one row: `orderItem`.
    var one: String
    /// One row, in a column's name: `order_item`.
    var singular: String

    /// Guesses the table: `["order", "item"]` and `["order", "items"]` are both `order_items`.
    ///
    /// Words that a name can't begin with are left out.
    init(_ words: [String]) {
        let words = words.drop { $0.first?.isLetter != true }
        let (start, last) = (words.dropLast(), words.last ?? "record")
        name = (start + [Inflection.plural(last)]).joined(separator: "_")
        singular = (start + [Inflection.singular(last)]).joined(separator: "_")
        model = SwiftName.type(singular)
        many = Self.parameters.contains(name) ? "rows" : SwiftName.property(name)
        one = Self.parameters.contains(singular) ? "row" : SwiftName.property(singular)
    }

    /// The table inside an `SQL` literal.
    var sql: String { SwiftName.sql(name) }

    /// The table without the words that only say which of its rows are meant: `old orders` → `orders`.
    static func withoutAdjectives(_ words: [String]) -> GuessedTable {
        GuessedTable(Array(words.drop { adjectives.contains($0) }))
    }

    /// What the templates call their other parameters.
    private static let parameters: Set = ["batch", "conflict", "migration"]

    private static let adjectives: Set = [
        "abandoned", "all", "cancelled", "canceled", "closed", "completed", "default", "deleted", "demo", "expired",
        "external", "finished", "inactive", "initial", "legacy", "old", "outdated", "processed", "sample", "stale",
        "standard", "the", "unused",
    ]
}
