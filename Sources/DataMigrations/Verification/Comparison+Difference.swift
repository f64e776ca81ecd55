import Database

extension Comparison {
    /// Some rows that one table has and the other one has not, or has less often, as text for a person.
    func difference() async throws -> [String] {
        let limit = MigrationError.mostRows
        let query: SQL = """
            SELECT azu_hash, sum(in_first), sum(in_second) FROM (\(first.hashes(and: ", 1 AS in_first, 0 AS in_second")) \
            UNION ALL \(second.hashes(and: ", 0, 1"))) AS hashes \
            GROUP BY azu_hash HAVING sum(in_first) <> sum(in_second) ORDER BY azu_hash LIMIT \(limit)
            """
        let hashes = try await connection.queryUnhurried(query).map { Occurrences($0) }
        let more = try await rows(of: first, hashes.filter { $0.first > $0.second })
        let less = try await rows(of: second, hashes.filter { $0.first < $0.second })
        return Array((more + less).prefix(limit))
    }

    /// How often rows with a hash occur in the two tables.
    private struct Occurrences {
        let hash: Int64
        let first: Int64
        let second: Int64

        init(_ row: Row) {
            hash = row[0].integer ?? 0
            first = row[1].integer ?? 0
            second = row[2].integer ?? 0
        }

        /// Whether one of the tables has no such row.
        var isInOneOnly: Bool { first == 0 || second == 0 }
    }

    private func rows(of table: HashedTable, _ hashes: [Occurrences]) async throws -> [String] {
        guard !hashes.isEmpty else { return [] }
        let inOneOnly = Set(hashes.filter(\.isInOneOnly).map(\.hash))
        let found = try await connection.queryUnhurried(
            table.rows(withHashes: hashes.map(\.hash), limit: MigrationError.mostRows)
        )
        return found.map { row in
            let howOften = inOneOnly.contains(row[0].integer ?? 0) ? "only" : "more often"
            let text = StoredRow.text(columns: found.columns, values: row.values, from: 1)
            return "\(howOften) in \(table.name): \(text)"
        }
    }
}
