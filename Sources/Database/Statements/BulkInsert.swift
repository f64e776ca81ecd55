/// Many new rows for one table.
///
///     INSERT INTO articles (title, legacy_post_id) VALUES (?, ?) ON CONFLICT (legacy_post_id) DO NOTHING
public struct BulkInsert: Sendable {
    /// What happens with a row that breaks a unique constraint.
    public enum Conflict: Sendable, Hashable {
        /// The statement fails.
        case fail
        /// The row is left out; only for a conflict on these columns, or on any if there are none.
        case skip([String])
        /// The row that is there gets the new values of `set` (of every other column, if empty).
        case update([String], set: [String])
    }

    /// The table.
    public var table: String
    /// The columns that are given.
    public var columns: [String]
    /// The values, row after row: `columns.count` for each.
    public var values: [Value]
    /// What happens with a row that breaks a unique constraint.
    public var conflict: Conflict
    /// The columns that must come back for each inserted row, usually the key; none if empty.
    public var returning: [String]

    /// Makes an insert.
    public init(
        into table: String,
        columns: [String],
        values: [Value],
        onConflict conflict: Conflict = .fail,
        returning: [String] = []
    ) {
        self.table = table
        self.columns = columns
        self.values = values
        self.conflict = conflict
        self.returning = returning
    }

    /// The number of rows.
    public var count: Int { columns.isEmpty ? 0 : values.count / columns.count }

    /// `ON CONFLICT …`, in the words that SQLite and PostgreSQL share; empty for ``Conflict/fail``.
    public var conflictClause: SQL {
        switch conflict {
        case .fail: return ""
        case .skip([]): return " ON CONFLICT DO NOTHING"
        case .skip(let target): return " ON CONFLICT (\(SQL.identifiers(target))) DO NOTHING"
        case .update(let target, let set):
            let others = set.isEmpty ? columns.filter { !target.contains($0) } : set
            // A row that is all key stays as it is; SQL wants an assignment all the same.
            let assignments = (others.isEmpty ? target : others).map {
                "\(identifier: $0) = excluded.\(identifier: $0)" as SQL
            }
            return """
                 ON CONFLICT (\(SQL.identifiers(target))) DO UPDATE SET \(SQL.joined(assignments, separator: ", "))
                """
        }
    }
}
