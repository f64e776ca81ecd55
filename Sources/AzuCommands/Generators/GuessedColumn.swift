/// A column of a table, guessed from the words of a migration's name behind its verb.
struct GuessedColumn: Equatable {
    /// The table that the column is in.
    var table: GuessedTable
    /// The column: `display_name`.
    var name: String

    /// - `user_slugs`: the table `users`, the column `slug`.
    /// - `slugs_of_users`, also with `for`, `in` and `on`: the same.
    /// - `email_addresses`: what begins with a word for a person's details is taken to be about `users`.
    /// - `users`: the column `value`, for want of a better guess.
    init(_ words: [String]) {
        let inner = words.indices.dropFirst().dropLast()
        if let preposition = inner.first(where: { Self.prepositions.contains(words[$0]) }) {
            table = .withoutAdjectives(Array(words[(preposition + 1)...]))
            name = Self.column(Array(words[..<preposition]))
        } else if let first = words.first, Self.personal.contains(Inflection.singular(first)) {
            table = GuessedTable(["user"])
            name = Self.column(words)
        } else {
            table = GuessedTable(Array(words.prefix(1)))
            name = Self.column(Array(words.dropFirst()))
        }
    }

    /// What Swift calls it.
    var property: String { SwiftName.property(name) }

    /// The column inside an `SQL` literal.
    var sql: String { SwiftName.sql(name) }

    private static func column(_ words: [String]) -> String {
        guard let last = words.last else { return "value" }
        var words = words.dropLast() + [Inflection.singular(last)]
        // "Email addresses" are kept in a column `email`, "phone numbers" in `phone`.
        if words == ["email", "address"] || words == ["phone", "number"] { words.removeLast() }
        let name = words.joined(separator: "_")
        // The key is in each model already; a name has to begin with a letter.
        return name == "id" || name.first?.isLetter != true ? "value" : name
    }

    private static let prepositions: Set = ["of", "for", "in", "on"]
    private static let personal: Set = [
        "birthday", "email", "mobile", "password", "phone", "postcode", "username", "zip",
    ]
}
