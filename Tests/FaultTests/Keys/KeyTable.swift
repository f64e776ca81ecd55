import Database
import TestSupport

/// The table `items`, whose key is what a test is about, and `seen`, where visits are noted.
struct KeyTable: Sendable, CustomStringConvertible {
    let store: Store
    /// The columns of the key.
    let names: [String]
    /// These columns, as CREATE TABLE takes them.
    let definition: String
    /// What stands behind all columns.
    let end: String
    /// Whether a trigger notes each row that is changed.
    var hasTrigger = false
    /// Whether there is an index that the condition of a migration could be looked up in.
    var hasIndex = false
    /// Whether the numbers of rows are a key of their own.
    var isNumberUnique = false
    /// Whether the database has looked at how the rows are distributed.
    var isAnalyzed = false
    /// Whether rows are missing that were there.
    var hasGaps = false
    /// How many bytes a row has that nobody asks for: without a key, PostgreSQL's blocks are walked.
    var filler = 0

    var description: String {
        let traits: [String?] = [
            hasTrigger ? "trigger" : nil, hasIndex ? "index" : nil, isNumberUnique ? "unique numbers" : nil,
            isAnalyzed ? "analyzed" : nil, hasGaps ? "gaps" : nil, "filler \(filler)",
        ]
        return "(\(definition), …\(end) [\(traits.compactMap { $0 }.joined(separator: ", "))]"
    }

    /// Makes both tables, and a row for each of some keys; of keys that are the same for the database, for the first one.
    ///
    /// The number of a row, `slot`, is that of its key among them.
    func make(
        _ keys: [[Value]],
        using random: inout SplitMix,
        in connection: any DatabaseConnection
    ) async throws {
        let number = "slot BIGINT NOT NULL" + (isNumberUnique ? " UNIQUE" : "")
        try await connection.execute(
            """
            CREATE TABLE items (\(raw: definition), \(raw: number), kind BIGINT NOT NULL, done BIGINT NOT NULL,
            filler TEXT\(raw: end)
            """
        )
        try await connection.execute("CREATE TABLE seen (\(raw: store.numberedKey), slot BIGINT NOT NULL)")
        if hasIndex { try await connection.execute("CREATE INDEX items_done ON items (done, kind)") }

        let filling = String(repeating: "x", count: filler)
        var values: [Value] = []
        values.reserveCapacity(keys.count * (names.count + 4))
        for (slot, key) in keys.enumerated() {
            values += key
            values.append(.integer(Int64(slot)))
            values.append(.integer(Int64(random.below(4))))
            values.append(.integer(random.chance(30) ? 1 : 0))
            values.append(.text(filling))
        }
        let columns = names + ["slot", "kind", "done", "filler"]
        let insert = BulkInsert(into: "items", columns: columns, values: values, onConflict: .skip([]))
        try await connection.run([.insert(insert)])

        if hasGaps { try await connection.execute("DELETE FROM items WHERE slot % 5 = 2") }
        if isAnalyzed { try await connection.execute("ANALYZE items") }
        if hasTrigger { try await makeTrigger(connection) }
    }

    private func makeTrigger(_ connection: any DatabaseConnection) async throws {
        switch store {
        case .sqlite:
            try await connection.execute(
                """
                CREATE TRIGGER notes_items AFTER UPDATE ON items
                BEGIN INSERT INTO seen (slot) VALUES (NEW.slot); END
                """
            )
        case .postgres:
            try await connection.execute(
                """
                CREATE FUNCTION note_item() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN INSERT INTO seen (slot) VALUES (NEW.slot); RETURN NULL; END $$
                """
            )
            try await connection.execute(
                "CREATE TRIGGER notes_items AFTER UPDATE ON items FOR EACH ROW EXECUTE FUNCTION note_item()"
            )
        }
    }
}
