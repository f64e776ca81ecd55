import Database

/// Looks for what makes the query of a batch slow, and for the index that would help.
struct PlanCheck {
    let walk: TableWalk
    let connection: any DatabaseConnection

    /// Smaller tables are read whole as fast as through an index.
    private static var smallTable: Int { 10_000 }

    /// - Returns: lines for a person.
    /// - Throws: ``/Database/DatabaseError``.
    func warnings(plan: [String], matching rows: Int?) async throws -> [String] {
        let all = try await tableRows()
        guard all > Self.smallTable, let found = problem(plan, rows, of: all) else { return [] }
        return [advice.map { "\(found); \($0) would help" } ?? found]
    }

    private func problem(_ plan: [String], _ rows: Int?, of all: Int) -> String? {
        let steps = plan.compactMap { connection.dialect.planStep($0) }
        let table = walk.schema.name
        if steps.contains(where: isScan) { return "each batch reads all of \(table), instead of going along an index" }
        if steps.contains(.sort) { return "each batch sorts what is left of \(table)" }
        // The walk along the key passes all rows, also those that are not wanted.
        guard steps.contains(.filter), let rows, rows * 20 < all else { return nil }
        return "only \(rows) of some \(all) rows of \(table) meet the condition, and all are read to find them"
    }

    /// Whether all rows of the table are read; those of another one, which the condition asks for, may be few.
    private func isScan(_ step: PlanStep) -> Bool {
        guard case .scan(let table, _) = step else { return false }
        return table.replacing("\"", with: "") == name
    }

    /// The table's name without its schema.
    private var name: String { walk.schema.name.split(separator: ".").last.map(String.init) ?? walk.schema.name }

    /// The key has an index already; what is missing is one of the rows that are wanted.
    private var advice: String? {
        // Where the order of the walk is prescribed, no other index is looked at.
        guard let predicate = walk.predicate, walk.orderHint.isEmpty else { return nil }
        let condition = predicate.values.isEmpty ? predicate : "the condition, with its values written out"
        let index: SQL = """
            CREATE INDEX \(identifier: name + "_azu") ON \(identifier: walk.schema.name) (\(walk.keyset.ordering)) \
            WHERE \(condition)
            """
        return index.rendered(for: connection.dialect).text
    }

    private func tableRows() async throws -> Int {
        if let estimate = walk.schema.estimatedRows { return estimate }
        let whole = TableWalk(schema: walk.schema, keyset: walk.keyset, predicate: nil)
        return Int(try await connection.query(whole.count(limit: 1_000_000)).first?[0].integer ?? 0)
    }
}
