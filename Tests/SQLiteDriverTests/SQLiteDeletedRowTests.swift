import Database
import SQLiteDriver
import Testing

@Suite("Rows that a bulk delete hands out in SQLite")
struct SQLiteDeletedRowTests {
    let connection: SQLiteConnection

    init() async throws { connection = try await SQLiteConnection(path: nil) }

    private func delete(
        from table: String = "t",
        by columns: [String] = ["id"],
        _ keys: [Value],
        returning: [String]
    ) async throws -> [[Value]] {
        let delete = BulkDelete(from: table, keyColumns: columns, keys: keys, returning: returning)
        let result = try await connection.run([.delete(delete)])[0]
        let rows = try #require(result.rows)
        #expect(result.changes == rows.count)
        #expect(rows.columns == returning)
        return rows.map(\.values)
    }

    @Test func valuesAreAsTheyWereStored() async throws {
        try await connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a REAL, b INTEGER, c TEXT, d, e DATE)")
        try await connection.execute("INSERT INTO t VALUES (1, 5, '12', 12, '12', '2024-02-29'), (2, 1, 2, 3, 4, 5)")
        let rows = try await delete([1], returning: ["a", "b", "c", "d", "e"])
        #expect(rows == [[.double(5), 12, "12", "12", "2024-02-29"]])
    }

    @Test func aTableWithoutRowIDHandsThemOutToo() async throws {
        try await connection.execute("CREATE TABLE t (a TEXT, b INTEGER, c TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID")
        try await connection.execute("INSERT INTO t VALUES ('x', 1, 'one'), ('y', 1, 'two'), ('x', 2, 'three')")
        let rows = try await delete(by: ["b", "a"], [2, "x", 9, "x", 1, "y"], returning: ["c"])
        #expect(rows == [["three"], ["two"]])
        #expect(try await connection.query("SELECT c FROM t").map(\.values) == [["one"]])
    }

    @Test func aTableOfAnAttachedDatabaseHandsThemOutToo() async throws {
        try await connection.execute("ATTACH ':memory:' AS shop")
        for table in ["shop.t", "main.t"] {
            try await connection.execute("CREATE TABLE \(identifier: table) (id INTEGER PRIMARY KEY, name TEXT)")
            try await connection.execute("INSERT INTO \(identifier: table) VALUES (1, \(table)), (2, \(table))")
        }
        let rows = try await delete(from: "shop.t", [1], returning: ["name"])
        #expect(rows == [["shop.t"]])
        #expect(try await connection.query("SELECT id FROM main.t").count == 2)
    }

    @Test func rowsAreFoundByTheRowIDAndHaveIt() async throws {
        try await connection.execute("CREATE TABLE t (name TEXT)")
        try await connection.execute("INSERT INTO t VALUES ('a'), ('b'), ('c')")
        let rows = try await delete(by: ["rowid"], [3, 1], returning: ["rowid", "name"])
        #expect(rows == [[3, "c"], [1, "a"]])
    }

    @Test func computedColumnsComeAlong() async throws {
        try await connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a AS (id * 2), b AS (id * 3) STORED)")
        try await connection.execute("INSERT INTO t (id) VALUES (1), (2)")
        #expect(try await delete([2], returning: ["a", "b", "id"]) == [[4, 6, 2]])
    }

    @Test func aRowThatATriggerKeepsIsNotHandedOut() async throws {
        try await connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
        try await connection.execute("INSERT INTO t VALUES (1, 'a'), (2, 'kept'), (3, 'c')")
        try await connection.execute(
            "CREATE TRIGGER keeps BEFORE DELETE ON t WHEN old.name = 'kept' BEGIN SELECT RAISE(IGNORE); END"
        )
        #expect(try await delete([1, 2, 3], returning: ["id"]) == [[1], [3]])
        #expect(try await connection.query("SELECT id FROM t").map(\.values) == [[2]])
    }

    @Test func aRowThatATriggerRefusesLeavesTheOthersToo() async throws {
        try await connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
        try await connection.execute("INSERT INTO t VALUES (1, 'a'), (2, 'refused'), (3, 'c')")
        try await connection.execute(
            "CREATE TRIGGER no BEFORE DELETE ON t WHEN old.name = 'refused' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        let delete = BulkDelete(from: "t", keyColumns: ["id"], keys: [1, 2, 3], returning: ["id"])
        let error = await #expect(throws: DatabaseError.self) { try await connection.run([.delete(delete)]) }
        #expect(error?.code == .checkViolation)
        #expect(try await connection.query("SELECT id FROM t").count == 3)
        // The statement that failed is used again.
        try await connection.execute("DROP TRIGGER no")
        #expect(try await connection.run([.delete(delete)])[0].rows?.count == 3)
    }
}
