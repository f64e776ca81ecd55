/// What comparisons of tables leave out: `users.updated_at`, `*.updated_at`, or a table, `audit_log`.
struct IgnoredColumns: Sendable {
    private let names: [String]

    init(_ names: [String] = []) { self.names = names }

    /// Whether a whole table is left out.
    func hasTable(_ table: String) -> Bool { names.contains(table) }

    /// Whether a column is left out.
    func has(_ column: String, of table: String) -> Bool {
        names.contains("\(table).\(column)") || names.contains("*.\(column)")
    }

    /// Makes sure that each name is one of the database, lest a misspelt one has a test fail for another reason.
    ///
    /// - Parameter all: the tables, with nothing left out.
    /// - Throws: ``TestDatabaseError`` that names the first one that is none.
    func check(against all: Contents) throws {
        let known = all.tables.flatMap { name, table in
            [name] + table.columns.flatMap { ["\(name).\($0)", "*.\($0)"] }
        }
        guard let wrong = names.first(where: { !Set(known).contains($0) }) else { return }
        throw TestDatabaseError(
            "ignoring: the database has no \(wrong); name a column as users.updated_at or *.updated_at, or a table"
        )
    }
}
