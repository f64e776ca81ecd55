import Database

/// Compares the rows of two tables by the sums of their hashes.
struct Comparison: Sendable {
    /// How many rows are hashed by one statement: some tenths of a second, and as much to do again after a kill.
    static let sliceRows = 50_000
    /// Up to how many rows a table is searched for those that differ.
    static let searchLimit = 1_000_000

    let first: HashedTable
    let second: HashedTable
    let connection: any DatabaseConnection
    /// Where it is saved how far it came; `nil` outside of a run.
    let log: ComparisonLog?
    let sliceRows: Int

    /// - Throws: ``MigrationError`` if the tables differ.
    func check() async throws {
        let places = try await log?.open(signature) ?? [ComparisonPlace(), ComparisonPlace()]
        let left = try await sum(first, from: places[0])
        let right = try await sum(second, from: places[1])
        guard left != right else { return }
        let isSmall = max(left.rows, right.rows) <= Self.searchLimit
        let counts =
            left.rows == right.rows
            ? "\(first.name) and \(second.name) have \(left.rows) rows each, but differ"
            : "\(first.name) has \(left.rows) rows and \(second.name) \(right.rows), where they should be the same"
        throw MigrationError(
            .verification,
            "\(counts) in \(first.columns.joined(separator: ", "))",
            // Which rows they are is an extra: it must not hide that there are some.
            rows: isSmall ? (try? await difference()) ?? [] : []
        )
    }

    /// What is compared: sums of something else must not be gone on with.
    private var signature: [Value] {
        [first, second].flatMap { table -> [Value] in
            let slice = table.slice(after: nil, rows: sliceRows).rendered(for: connection.dialect)
            return [.text(slice.text)] + slice.values
        }
    }

    private func sum(_ table: HashedTable, from start: ComparisonPlace) async throws -> HashSum {
        var place = start
        // Outside of a run there may be a transaction, which can't be gone on with.
        let retry = log?.context.retry ?? Retry(policy: .none)
        while !place.isDone {
            let slice = table.slice(after: place.key, rows: sliceRows)
            let found = try await retry.run { try await connection.queryUnhurried(slice) }
            let values = found.key(row: 0, columns: found.columns.count)
            let rows = Int(values[0].integer ?? 0)
            place.sum.add(rows: rows, low: values[1].integer ?? 0, high: values[2].integer ?? 0)
            if table.keyset != nil, rows > 0 { place.key = Array(values.dropFirst(3)) }
            place.isDone = table.keyset == nil || rows < sliceRows
            try await log?.save(place)
        }
        return place.sum
    }
}
