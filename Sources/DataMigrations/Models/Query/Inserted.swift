public import Database

/// What happens with a new row that breaks a unique constraint.
public struct OnConflict: Sendable {
    let clause: BulkInsert.Conflict

    /// The insert fails.
    ///
    /// In a migration, the row is found and goes to the quarantine.
    public static let fail = OnConflict(clause: .fail)

    /// The row is left out and counted: for a conflict on these columns, or on any if none are named.
    public static func skip(_ columns: String...) -> OnConflict { OnConflict(clause: .skip(columns)) }

    /// The row that is there gets the new values of `set`, or of every other column.
    public static func update(_ columns: String..., set: [String] = []) -> OnConflict {
        OnConflict(clause: .update(columns, set: set))
    }
}

/// What came of an insert, in the order of the rows given.
public struct Inserted: Sendable {
    /// The key of each row given; NULL where it was skipped.
    public let keys: Rows
    /// How many rows were inserted, or updated with ``OnConflict/update(_:set:)``.
    public let count: Int

    /// How many rows were given; a model without a key has no ``keys`` to count.
    let given: Int

    /// How many rows were left out.
    public var skipped: Int { given - count }

    /// The id of each row given, `nil` where it was skipped, for tables with an integer key.
    public var ids: [Int64?] {
        keys.isEmpty
            ? Array(repeating: nil, count: given)
            : (0..<keys.count).map { keys.value(row: $0, column: 0).integer }
    }

    /// Puts the rows that were inserted beside what they were made of.
    ///
    ///     let articles = try await batch.insert(posts.map(Article.init), onConflict: .skip("legacy_post_id"))
    ///     for (id, post) in articles.pairs(with: posts) { … }
    public func pairs<Source>(with sources: [Source]) -> [(id: Int64, source: Source)] {
        zip(ids, sources).compactMap { id, source in id.map { ($0, source) } }
    }
}
