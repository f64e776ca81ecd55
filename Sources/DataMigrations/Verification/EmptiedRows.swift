import Database

extension RunContext {
    /// Asks anew what the sweep at the end of a run asked: whether rows meet the migration's condition, though processed
    /// rows leave it.
    ///
    /// Those in quarantine may, and whoever put them there knows of them.
    ///
    /// - Parameters:
    ///   - migration: the migration.
    ///   - advice: what a person does about a failure.
    /// - Throws: ``MigrationError`` with the code `verification` if there are such rows, and holds the first of them.
    func expectEmptied<M: RowMigration>(_ migration: M, advice: String) async throws {
        let slices = try await ledger.slices(of: run, step: Self.rowsStep)
        guard let keys = slices.first?.keyColumns, !keys.isEmpty, slices.contains(where: { $0.empties == true }) else {
            return
        }
        var rows = migration.rows
        guard let condition = try await bind(rows.predicate, of: Self.rowsStep) else { return }
        rows.predicate = condition
        let total = try await rows.countUnhurried(in: connection)
        guard total > 0 else { return }
        let locators = try await ledger.quarantinedLocators(of: run, step: Self.rowsStep)
        let left = try await total - count(of: locators, Keyset(columns: keys), in: rows)
        guard left > 0 else { return }
        throw MigrationError(
            .verification,
            "\(left == 1 ? "1 row" : "\(left) rows") of \(M.RowModel.table) \(left == 1 ? "meets" : "meet") the condition "
                + "of \(run.name), which processed rows leave; \(advice)",
            rows: try await sample(of: rows, Keyset(columns: keys), without: locators)
        )
    }

    /// The step of a migration's own `rows`.
    private static var rowsStep: String { "rows" }

    /// How many of the rows in quarantine a query finds.
    private func count<M: Model>(of locators: Set<String>, _ keyset: Keyset, in rows: Query<M>) async throws -> Int {
        var count = 0
        for chunk in locators.compactMap(StoredValue.values(of:)).chunked(by: 100) {
            // Equality, since some keys (PostgreSQL's places of rows) can't be bound as a list.
            let among = SQL.joined(chunk.map { "(\(keyset.condition(equals: $0)))" }, separator: " OR ")
            count += try await rows.where(among).count(in: connection)
        }
        return count
    }

    private func sample<M: Model>(
        of rows: Query<M>,
        _ keyset: Keyset,
        without locators: Set<String>
    ) async throws -> [String] {
        var page = rows
        page.ordering = keyset.ordering
        page.limit = MigrationError.mostRows + locators.count
        let found = try await connection.queryUnhurried(page.select("\(keyset.ordering), \(ModelCoding<M>.selection)"))
        let texts = found.compactMap { row -> String? in
            let values = row.values
            let locator = StoredValue.text(of: Array(values.prefix(keyset.columns.count)))
            return locators.contains(locator) ? nil : StoredRow.text(columns: found.columns, values: values, from: 0)
        }
        return Array(texts.prefix(MigrationError.mostRows))
    }
}
