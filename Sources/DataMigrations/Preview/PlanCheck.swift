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
        guard all > Self.smallTable else { return [] }
        let steps = plan.compactMap { connection.dialect.planStep($0) }
        let table = walk.schema.name
        let key = walk.keyset.columns.joined(separator: ", ")
        var warnings: [String] = []
        if steps.contains(where: { if case .scan = $0 { true } else { false } }) {
            warnings.append(
                "each batch reads all of \(table), instead of going along an index; CREATE INDEX ON \(table) (\(key)) would "
                    + "help"
            )
        } else if steps.contains(.sort) {
            warnings.append(
                "each batch sorts what is left of \(table); CREATE INDEX ON \(table) (\(key)) would help"
            )
        }
        // The walk along the key passes all rows, also those that are not wanted.
        if let rows, let predicate = walk.predicate, rows * 20 < all {
            let rendered = predicate.rendered(for: connection.dialect)
            let condition = rendered.values.isEmpty ? rendered.text : "the condition, with its values written out"
            let name = table.split(separator: ".").last.map(String.init) ?? table
            warnings.append(
                "only \(rows) of some \(all) rows of \(table) meet the condition, and all are read to find them; "
                    + "CREATE INDEX \(name)_azu ON \(table) (\(key)) WHERE \(condition) would help"
            )
        }
        return warnings
    }

    private func tableRows() async throws -> Int {
        if let estimate = walk.schema.estimatedRows { return estimate }
        let whole = TableWalk(schema: walk.schema, keyset: walk.keyset, predicate: nil)
        return Int(try await connection.query(whole.count(limit: 1_000_000)).first?[0].integer ?? 0)
    }
}
