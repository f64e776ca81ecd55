/// An index, and what it is called.
struct SchemaIndex: Equatable {
    let table: String
    let columns: [String]
    let isUnique: Bool

    init(_ table: String, _ columns: [String], isUnique: Bool = false) {
        (self.table, self.columns, self.isUnique) = (table, columns, isUnique)
    }

    init(_ table: String, _ field: SchemaField) { self.init(table, field.columns, isUnique: field.isUnique) }

    /// `index_users_on_email`, cut to what PostgreSQL takes, with a hash of the rest.
    var name: String {
        let whole = "index_\(table)_on_\(columns.joined(separator: "_and_"))"
        guard whole.utf8.count > 63 else { return whole }
        // FNV-1a: the same on every machine.
        let hash = whole.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return "\(whole.prefix(54))_\(String(hash, radix: 16))"
    }

    /// What makes it.
    var create: String { create(how: "") }

    /// What makes it while others write to the table.
    var createConcurrently: String { create(how: "CONCURRENTLY ") }

    /// What drops it.
    var drop: String { "DROP INDEX \(name)" }

    /// What drops it while others use the table.
    var dropConcurrently: String { "DROP INDEX CONCURRENTLY \(name)" }

    private func create(how: String) -> String {
        let list = columns.map(SchemaDialect.quoted).joined(separator: ", ")
        return "CREATE \(isUnique ? "UNIQUE " : "")INDEX \(how)\(name) ON \(SchemaDialect.quoted(table)) (\(list))"
    }
}
