import Database
import TestSupport

/// Makes the tables of a random case, and fills them.
struct ItemTables {
    let store: Store
    let key: KeyKind
    let triggers: Triggers
    let rows: Int
    let connection: any DatabaseConnection

    func make(using random: inout SplitMix) async throws {
        let columns = Columns.all.map { ", \($0.name) \(store == .sqlite ? $0.sqlite : $0.postgres)" }.joined()
        let definition = key.definition(in: store, using: &random)
        try await connection.execute(
            """
            CREATE TABLE items (\(raw: definition)slot BIGINT NOT NULL UNIQUE\(raw: columns),
            extra TEXT DEFAULT 'extra'\(raw: key.end)
            """
        )
        let keys = key.values(rows, using: &random)
        let names = Columns.all.map { $0.name }
        var values: [Value] = []
        for (row, key) in keys.enumerated() {
            // Falling while the keys rise: a row can take the place of the one before it.
            values += key + [.integer(Int64(10 + 2 * (rows - row)))]
            for name in names { values.append(Columns.value(name, in: store, using: &random)) }
        }
        let insert = BulkInsert(into: "items", columns: key.columns + ["slot"] + names, values: values)
        try await connection.run([.insert(insert)])
        try await makeCompanions(using: &random)
        if key == .integer { try await makeChildren(of: keys, using: &random) }
        try await triggers.make(on: "items", key: "slot", text: "name", in: connection)
    }

    private func makeCompanions(using random: inout SplitMix) async throws {
        let statements: [SQL] = [
            """
            CREATE TABLE copies (\(raw: store.numberedKey), source TEXT NOT NULL UNIQUE, note TEXT, score DOUBLE PRECISION,
            extra TEXT DEFAULT 'extra')
            """,
            "CREATE TABLE labels (name TEXT NOT NULL PRIMARY KEY, uses BIGINT, extra TEXT DEFAULT 'extra')",
            "CREATE TABLE tags (\(raw: store.numberedKey), name TEXT)",
            """
            CREATE TABLE copy_tags (copy_id BIGINT NOT NULL REFERENCES copies (id),
            tag_id BIGINT NOT NULL REFERENCES tags (id), PRIMARY KEY (copy_id, tag_id))
            """,
            "INSERT INTO tags (name) VALUES ('one'), ('two'), ('three')",
            "INSERT INTO labels (name, uses) VALUES ('label 1', 7), ('label 4', NULL)",
        ]
        for statement in statements { try await connection.execute(statement) }
        // Some rows are copied already.
        let sources = (0..<rows).filter { _ in random.chance(20) }.map { "old \(10 + 2 * (rows - $0))" }
        let values = sources.flatMap { [.text($0), .text("as it was"), .double(-0.0)] as [Value] }
        let insert = BulkInsert(into: "copies", columns: ["source", "note", "score"], values: values)
        try await connection.run([.insert(insert)])
    }

    /// Rows that refer to some of the items, whose keys are numbers.
    private func makeChildren(of keys: [[Value]], using random: inout SplitMix) async throws {
        for (table, action) in [("notes", "CASCADE"), ("flags", "SET NULL")] {
            try await connection.execute(
                """
                CREATE TABLE \(raw: table) (\(raw: store.numberedKey),
                item_id BIGINT REFERENCES items (id) ON DELETE \(raw: action), body TEXT)
                """
            )
            try await connection.execute("CREATE INDEX \(raw: table)_item ON \(raw: table) (item_id)")
            var values: [Value] = []
            for key in keys where random.chance(30) { values += key + [.text(random.pick(Columns.texts))] }
            let insert = BulkInsert(into: table, columns: ["item_id", "body"], values: values)
            try await connection.run([.insert(insert)])
        }
    }
}
