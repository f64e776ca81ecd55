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
    func expectEmptied(_ migration: any DataMigration, advice: String) async throws {
        let rows: EmptiedRows
        if let migration = migration as? any RowMigration {
            rows = Self.rows(of: migration)
        } else if let file = try (migration as? SQLFileMigration)?.file(for: connection.dialect),
            let table = file.up.table
        {
            let predicate = file.up.predicate(called: "\(identifier: table)")
            rows = EmptiedRows(table: table, predicate: predicate, columns: "*")
        } else {
            return
        }
        try await expectEmptied(rows, advice: advice)
    }

    private static func rows<M: RowMigration>(of migration: M) -> EmptiedRows {
        let predicate = migration.rows.predicate
        return EmptiedRows(
            table: M.RowModel.table,
            predicate: predicate,
            columns: ModelCoding<M.RowModel>.selection
        )
    }

    private func expectEmptied(_ rows: EmptiedRows, advice: String) async throws {
        let slices = try await ledger.slices(of: run, step: Self.rowsStep)
        guard let keys = slices.first?.keyColumns, !keys.isEmpty, slices.contains(where: { $0.empties == true }) else {
            return
        }
        guard let condition = try await bind(rows.predicate, of: Self.rowsStep) else { return }
        var rows = rows
        rows.predicate = condition
        let keyset = Keyset(columns: keys)
        let total = try await rows.count(in: connection)
        guard total > 0 else { return }
        let locators = try await ledger.quarantinedLocators(of: run, step: Self.rowsStep)
        let left = try await total - rows.count(of: locators, keyset, in: connection)
        guard left > 0 else { return }
        throw MigrationError(
            .verification,
            "\(left == 1 ? "1 row" : "\(left) rows") of \(rows.table) \(left == 1 ? "meets" : "meet") the condition "
                + "of \(run.name), which processed rows leave; \(advice)",
            rows: try await rows.sample(keyset, without: locators, in: connection)
        )
    }

    /// The step of a migration's own `rows`.
    private static var rowsStep: String { "rows" }
}

/// The rows that meet a migration's condition.
private struct EmptiedRows {
    let table: String
    var predicate: SQL?
    /// What is shown of a row.
    let columns: SQL

    private func select(_ columns: SQL, and condition: SQL? = nil) -> SQL {
        let conditions = [predicate, condition].compactMap { $0 }.map { "(\($0))" as SQL }
        return "SELECT \(columns) FROM \(identifier: table) WHERE \(SQL.joined(conditions, separator: " AND "))"
    }

    func count(in connection: any DatabaseConnection) async throws -> Int {
        Int(try await connection.queryUnhurried(select("count(*)")).first?[0].integer ?? 0)
    }

    /// How many of the rows in quarantine are among them.
    func count(of locators: Set<String>, _ keyset: Keyset, in connection: any DatabaseConnection) async throws -> Int {
        var count = 0
        for chunk in locators.compactMap(StoredValue.values(of:)).chunked(by: 100) {
            // Equality, since some keys (PostgreSQL's places of rows) can't be bound as a list.
            let among = SQL.joined(chunk.map { "(\(keyset.condition(equals: $0)))" }, separator: " OR ")
            count += Int(try await connection.query(select("count(*)", and: among)).first?[0].integer ?? 0)
        }
        return count
    }

    /// The first of them that are not in quarantine.
    func sample(
        _ keyset: Keyset,
        without locators: Set<String>,
        in connection: any DatabaseConnection
    ) async throws -> [String] {
        let limit = SQL(raw: String(MigrationError.mostRows + locators.count))
        let page: SQL =
            "\(select("\(keyset.ordering), \(columns)")) ORDER BY \(keyset.ordering) LIMIT \(limit)"
        let found = try await connection.queryUnhurried(page)
        let texts = found.compactMap { row -> String? in
            let values = row.values
            let locator = StoredValue.text(of: Array(values.prefix(keyset.columns.count)))
            return locators.contains(locator) ? nil : StoredRow.text(columns: found.columns, values: values, from: 0)
        }
        return Array(texts.prefix(MigrationError.mostRows))
    }
}
