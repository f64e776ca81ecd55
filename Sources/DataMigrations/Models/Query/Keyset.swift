import Database

/// The key along which a table is walked: `WHERE (a, b) > (?, ?) ORDER BY a, b LIMIT n`.
///
/// Keys are compared by the database alone: only it knows its collations. (The technique: Markus Winand,
/// https://use-the-index-luke.com/no-offset.)
struct Keyset: Sendable, Hashable {
    var columns: [String]

    var ordering: SQL { SQL.identifiers(columns) }

    /// Descending, for the last key.
    var reverseOrdering: SQL { SQL.joined(columns.map { "\(identifier: $0) DESC" }, separator: ", ") }

    func condition(after key: [Value]) -> SQL { compare(">", key) }
    func condition(upTo key: [Value]) -> SQL { compare("<=", key) }

    func condition(equals key: [Value]) -> SQL {
        SQL.joined(zip(columns, key).map { "\(identifier: $0) = \($1)" }, separator: " AND ")
    }

    func condition(among keys: [[Value]]) -> SQL {
        guard columns.count > 1 else { return "\(identifier: columns[0]) IN \(keys.map { $0[0] })" }
        return "(\(ordering)) IN (\(SQL.joined(keys.map { "\($0)" }, separator: ", ")))"
    }

    private func compare(_ operation: String, _ key: [Value]) -> SQL {
        guard columns.count > 1 else { return "\(identifier: columns[0]) \(raw: operation) \(key[0])" }
        return "(\(ordering)) \(raw: operation) \(key)"
    }
}
