import Database

/// What the schema of a database is made of, so that two moments can be compared.
struct SchemaListing: Sendable, Hashable {
    /// Each thing that there is, and how it is defined; a table of SQLite is one for each of its columns and
    /// constraints.
    private var things: Set<String> = []

    /// azu's own tables, which come and go by themselves.
    private static let own = ["schema_migration", "data_migration"]

    /// Lists the schema; `nil` where that can't be done.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    static func read(_ connection: any DatabaseConnection) async throws -> SchemaListing? {
        guard let query = connection.dialect.schemaListing else { return nil }
        var listing = SchemaListing()
        for row in try await connection.queryUnhurried(query) {
            listing.add(row[0].text ?? "", row[1].text ?? "")
        }
        return listing
    }

    mutating func add(_ thing: String, _ definition: String) {
        // `table users`, `column users.id`, `index users_pkey`, `constraint users_pkey of users`
        let names = thing.split(separator: " ").dropFirst()
        if names.contains(where: { name in Self.own.contains { name.hasPrefix($0) } }) { return }
        if let parts = TableDefinition.parts(of: definition) {
            things.insert(thing)
            for part in parts { things.insert("\(thing): \(part)") }
        } else {
            let text = TableDefinition.plain(definition)
            things.insert(text.isEmpty ? thing : "\(thing): \(text)")
        }
    }

    /// What differs from an earlier listing: `+` is new, `-` is gone.
    func differences(from earlier: SchemaListing) -> [String] {
        let lines =
            things.subtracting(earlier.things).map { (text: $0, sign: "+") }
            + earlier.things.subtracting(things).map { (text: $0, sign: "-") }
        return lines.sorted { ($0.text, $0.sign) < ($1.text, $1.sign) }.map { "\($0.sign) \($0.text)" }
    }
}
