import Database
import SQLiteDriver
import Testing

/// Keys of inserted rows come back right, whether or not they are rowids.
@Suite struct ReturnedKeyTests {
    static let tables = [
        "id INTEGER PRIMARY KEY, name TEXT UNIQUE", "id INTEGER PRIMARY KEY DESC, name TEXT UNIQUE",
        "id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE", "id INT PRIMARY KEY, name TEXT UNIQUE",
    ]

    @Test(arguments: tables) func eachRowGetsItsOwnKeyAndASkippedOneNone(definition: String) async throws {
        let connection = try await SQLiteConnection(path: nil)
        try await connection.execute("CREATE TABLE items (\(raw: definition))")
        try await connection.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, item TEXT)")
        try await connection.execute(
            "CREATE TRIGGER logs AFTER INSERT ON items BEGIN INSERT INTO log (id, item) VALUES (1000 + new.id, new.name); END"
        )
        let ids: [Value] = [7, 3, 900, 5, 4]
        let names: [Value] = ["a", "b", "a", "c", "b"]
        let values = zip(ids, names).flatMap { [$0, $1] }
        let insert = BulkInsert(
            into: "items",
            columns: ["id", "name"],
            values: values,
            onConflict: .skip([]),
            returning: ["id"]
        )
        let result = try await connection.run([.insert(insert)])[0]
        #expect(result.changes == 3)
        #expect(result.rows?.map { $0[0] } == [7, 3, .null, 5, .null])
        let stored = try await connection.query("SELECT id FROM items ORDER BY name").map { $0[0] }
        #expect(stored == [7, 3, 5])
        await connection.close()
    }
}
