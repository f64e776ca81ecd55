extension Contents {
    /// The rows that are neither as in one state nor as in another; how they differ from the second.
    func unlike(_ first: Contents, or second: Contents) -> [RowDifference] {
        let names = Set(tables.keys).union(first.tables.keys).union(second.tables.keys)
        return names.sorted().flatMap { name -> [RowDifference] in
            guard let shape = tables[name] ?? second.tables[name] ?? first.tables[name] else { return [] }
            let found = tables[name]?.byKey ?? [:]
            let (left, right) = (first.tables[name]?.byKey ?? [:], second.tables[name]?.byKey ?? [:])
            let keys = Set(found.keys).union(left.keys).union(right.keys)
            let odd = keys.filter { key in
                if !shape.key.isEmpty {
                    return !Self.isSame(found[key], left[key]) && !Self.isSame(found[key], right[key])
                }
                // Of rows that are alike, some may be as in the one state, and some as in the other.
                let (first, second) = (left[key]?.count ?? 0, right[key]?.count ?? 0)
                return !(min(first, second)...max(first, second)).contains(found[key]?.count ?? 0)
            }
            guard !odd.isEmpty else { return [] }
            func rows(_ table: Table?) -> [[StoredField]] {
                table?.rows.filter { odd.contains(shape.key(of: $0)) } ?? []
            }
            return shape.differences(name, rows(second.tables[name]), rows(tables[name]))
        }
    }

    /// Whether rows of a key are the same, in any order.
    private static func isSame(_ left: [[StoredField]]?, _ right: [[StoredField]]?) -> Bool {
        func counts(_ rows: [[StoredField]]?) -> [[StoredField]: Int] {
            Dictionary((rows ?? []).map { ($0, 1) }, uniquingKeysWith: +)
        }
        return counts(left) == counts(right)
    }

    /// The same without the keys of some tables, which are single columns: what counts is what else is in their rows.
    func withoutNumbers(of names: Set<String>) -> Contents {
        var copy = self
        for name in names {
            guard let table = tables[name], table.key.count == 1, table.columns.count > 1 else { continue }
            let key = table.key[0]
            let places = table.columns.indices.filter { $0 != key }
            copy.tables[name] = Table(
                columns: places.map { table.columns[$0] },
                key: [],
                rows: table.rows.map { row in places.map { row[$0] } }
            )
        }
        return copy
    }
}
