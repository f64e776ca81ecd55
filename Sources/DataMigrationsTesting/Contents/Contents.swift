/// The rows of all tables but the ledger's, as they were at some moment.
struct Contents: Sendable {
    /// One table.
    struct Table: Sendable {
        /// The names of the columns.
        var columns: [String]
        /// The places of the key's columns; none where there is no key, or it is left out.
        var key: [Int]
        /// The rows, in the order of the key.
        var rows: [[StoredField]]

        /// What finds a row: its key, or all of it.
        func key(of row: [StoredField]) -> [StoredField] { key.isEmpty ? row : key.map { row[$0] } }

        /// The rows by their keys.
        var byKey: [[StoredField]: [[StoredField]]] { Dictionary(grouping: rows, by: key(of:)) }
    }

    /// The tables by name.
    var tables: [String: Table] = [:]

    /// How many rows there are in all.
    var count: Int { tables.values.reduce(0) { $0 + $1.rows.count } }
}
