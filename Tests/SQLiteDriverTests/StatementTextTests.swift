import Database
import SQLiteDriver
import Testing

/// The SQL that is told of a statement is the one that SQLite gets: an error has it, too.
@Suite("The text of a statement") struct StatementTextTests {
    let connection: SQLiteConnection

    init() async throws {
        connection = try await SQLiteConnection(path: nil)
        let statements: [SQL] = [
            "CREATE TABLE items (id INTEGER PRIMARY KEY, code TEXT UNIQUE, n INTEGER CHECK (n >= 0), json TEXT)",
            "INSERT INTO items VALUES (1, 'a', 1, '{}'), (2, 'b', 2, '{')",
            "CREATE TRIGGER refuses BEFORE DELETE ON items BEGIN SELECT RAISE(ABORT, 'no'); END",
        ]
        for statement in statements { try await connection.execute(statement) }
    }

    private func expectText(
        of statement: Statement,
        _ expected: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let text = await connection.text(of: statement)
        #expect(text == expected, sourceLocation: sourceLocation)
        let error = await #expect(throws: DatabaseError.self, sourceLocation: sourceLocation) {
            try await connection.run([statement])
        }
        #expect(error?.sql == expected, sourceLocation: sourceLocation)
    }

    @Test func ofAnUpdateIsThatOfARow() async throws {
        let update = BulkUpdate(
            "items",
            keyColumns: ["id"],
            columns: ["code", "n"],
            keys: [1, 2],
            values: ["x", 1, "y", -1]
        )
        try await expectText(of: .update(update), #"UPDATE "items" SET "code" = ?, "n" = ? WHERE "id" = ?"#)
    }

    @Test func ofAnInsertIsThatOfARow() async throws {
        var insert = BulkInsert(into: "items", columns: ["code", "n"], values: ["x", 1, "y", -1])
        let text = #"INSERT INTO "items" ("code", "n") VALUES (?, ?)"#
        try await expectText(of: .insert(insert), text)
        // A key that is the rowid comes back without more SQL.
        insert.returning = ["id"]
        try await expectText(of: .insert(insert), text)
        insert.returning = []
        insert.conflict = .skip(["code"])
        try await expectText(of: .insert(insert), text + #" ON CONFLICT ("code") DO NOTHING"#)
        insert.conflict = .update(["code"], set: [])
        try await expectText(of: .insert(insert), text + #" ON CONFLICT ("code") DO UPDATE SET "n" = excluded."n""#)
    }

    @Test func ofADeleteHasWhatItReturns() async throws {
        var delete = BulkDelete(from: "items", keyColumns: ["id"], keys: [1, 2])
        try await expectText(of: .delete(delete), #"DELETE FROM "items" WHERE "id" = ?"#)
        delete.returning = ["id", "code"]
        try await expectText(of: .delete(delete), #"DELETE FROM "items" WHERE "id" = ? RETURNING "id", "code""#)
    }

    @Test func ofAReadByKeysIsThatOfARow() async throws {
        let select = BulkSelect(
            from: "items",
            keyColumns: ["id", "code"],
            keys: [1, "a", 2, "b"],
            selection: ["json_extract(json, '$.a')"]
        )
        let text = #"SELECT json_extract(json, '$.a') FROM "items" WHERE "id" = ? AND "code" = ?"#
        try await expectText(of: .select(select), text)
    }

    @Test func ofWhatOnlyFramesOthersIsNone() async {
        let frames: [Statement] = [.begin, .commit, .rollback, .savepoint("a"), .release("a"), .checkConstraints]
        for statement in frames { #expect(await connection.text(of: statement) == nil) }
        let text = await connection.text(of: .query("SELECT \(1) WHERE 2 IN \([3, 4])"))
        #expect(text == "SELECT ? WHERE 2 IN (?, ?)")
    }
}
