public import Database

/// Rows of a table, described but not yet read.
///
///     User.where(\.active == true).where("created_at < \(cutoff)").order("id").limit(10)
///     // SELECT "id", "name" FROM "users" WHERE ("active" = ?) AND (created_at < ?) ORDER BY id LIMIT 10
///
/// As the `rows` of a migration a query is walked along the table's key, so it has neither an order nor a limit there.
public struct Query<M: Model>: Sendable {
    var predicate: SQL?
    var ordering: SQL?
    var limit: Int?
    var offset: Int?

    /// Keeps the rows for which a condition in SQL is true; what is interpolated is bound.
    ///
    /// Several must all be true.
    public func `where`(_ condition: SQL) -> Query {
        var copy = self
        copy.predicate = predicate.map { "\($0) AND (\(condition))" } ?? "(\(condition))"
        return copy
    }

    /// Keeps the rows for which a condition on a property is true.
    public func `where`(_ condition: Condition<M>) -> Query { self.where(condition.sql) }

    /// Sorts by columns in SQL: `"created_at DESC, id"`.
    public func order(_ columns: SQL) -> Query {
        var copy = self
        copy.ordering = columns
        return copy
    }

    /// Keeps at most `limit` rows, from the `offset`th on.
    public func limit(_ limit: Int, offset: Int? = nil) -> Query {
        var copy = self
        copy.limit = limit
        copy.offset = offset
        return copy
    }

    /// `SELECT … FROM … WHERE …`, with these columns in the place of the model's.
    func select(_ columns: SQL) -> SQL {
        var sql: SQL = "SELECT \(columns) FROM \(identifier: M.table)"
        if let predicate { sql += " WHERE \(predicate)" }
        if let ordering { sql += " ORDER BY \(ordering)" }
        if let limit { sql += " LIMIT \(limit)" }
        if let offset { sql += " OFFSET \(offset)" }
        return sql
    }

    /// The query as it runs.
    public var sql: SQL { select(ModelCoding<M>.selection) }
}

extension Model {
    /// All rows of the table.
    public static var all: Query<Self> { Query() }

    /// The rows for which a condition in SQL is true.
    ///
    /// What is interpolated is bound, never spliced.
    public static func `where`(_ condition: SQL) -> Query<Self> { all.where(condition) }

    /// The rows for which a condition on a property is true: `User.where(\.active == true)`.
    public static func `where`(_ condition: Condition<Self>) -> Query<Self> { all.where(condition) }
}
