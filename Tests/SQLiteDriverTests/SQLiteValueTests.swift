import Database
import Foundation
import SQLiteDriver
import Testing

@Suite("What SQLite stores")
struct SQLiteValueTests {
    let connection: SQLiteConnection

    init() async throws { connection = try await SQLiteConnection(path: nil) }

    static let classes: [(Value, String, Value)] = [
        (.null, "null", .null),
        (.integer(-7), "integer", -7),
        (.double(0.5), "real", 0.5),
        (.bool(true), "integer", 1),
        (.text("ü"), "text", "ü"),
        (.blob([0, 255]), "blob", .blob([0, 255])),
        (.blob([]), "blob", .blob([])),
        (.text(""), "text", ""),
        (.date(Date(timeIntervalSince1970: 1.5)), "text", "1970-01-01 00:00:01.500"),
        (.json("{ }"), "text", "{ }"),
        (.decimal(Decimal(12.5)), "text", "12.5"),
    ]

    @Test("each value has its storage class", arguments: classes)
    func storage(_ value: Value, _ type: String, _ stored: Value) async throws {
        #expect(try await connection.query("SELECT typeof(\(value)), \(value)")[0].values == [.text(type), stored])
    }

    @Test func aUUIDIsTextInLowerCase() async throws {
        let uuid = UUID()
        let row = try await connection.query("SELECT typeof(\(uuid)), \(uuid)")[0]
        #expect(row.values == ["text", .text(uuid.uuidString.lowercased())])
    }

    @Test func textKeepsItsNULCharacters() async throws {
        let text = "a\0b\0"
        #expect(
            try await connection.query("SELECT \(text), length(CAST(\(text) AS BLOB))")[0].values == [.text(text), 4]
        )
    }

    @Test func aDateSortsLikeTheDatabasesOwn() async throws {
        let now = try await connection.query("SELECT CURRENT_TIMESTAMP <= \(Date().addingTimeInterval(1))")
        #expect(now[0][0] == 1)
        let past = try await connection.query("SELECT CURRENT_TIMESTAMP > \(Date().addingTimeInterval(-2))")
        #expect(past[0][0] == 1)
    }

    @Test func aStatementIsOneStatement() async throws {
        try await connection.execute("CREATE TABLE t (a)")
        await #expect(throws: DatabaseError.self) {
            try await connection.execute("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)")
        }
        #expect(try await connection.query("SELECT * FROM t").isEmpty)
    }

    @Test(
        "blanks, comments and a semicolon around a statement do no harm",
        arguments: [" SELECT 1 ;", "SELECT 1 -- one"]
    )
    func surroundings(_ text: String) async throws {
        #expect(try await connection.query(SQL(raw: text))[0][0] == 1)
    }

    @Test func changesOfTriggersAreNotCounted() async throws {
        try await connection.execute("CREATE TABLE t (a)")
        try await connection.execute("CREATE TABLE log (a)")
        try await connection.execute(
            "CREATE TRIGGER noted AFTER INSERT ON t BEGIN INSERT INTO log VALUES (1), (2), (3); END"
        )
        #expect(try await connection.execute("INSERT INTO t VALUES (1)") == 1)
        let insert = BulkInsert(into: "t", columns: ["a"], values: [1, 2])
        #expect(try await connection.run([.insert(insert)])[0].changes == 2)
        #expect(try await connection.query("SELECT * FROM log").count == 9)
    }

    @Test func aRowThatATriggerRefusesIsTheRowsFault() async throws {
        try await connection.execute("CREATE TABLE t (a)")
        try await connection.execute(
            """
            CREATE TRIGGER no BEFORE INSERT ON t WHEN new.a < 0
            BEGIN SELECT RAISE(ABORT, 'negative amounts are refused'); END
            """
        )
        let error = await #expect(throws: DatabaseError.self) {
            try await connection.execute("INSERT INTO t VALUES (-1)")
        }
        #expect(error?.code == .checkViolation)
        #expect(error?.kind == .rowFault)
        #expect(error?.description == "negative amounts are refused")
    }

    @Test func aRowThatATriggerIgnoresCountsAsSkipped() async throws {
        try await connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a)")
        try await connection.execute(
            "CREATE TRIGGER no BEFORE INSERT ON t WHEN new.a < 0 BEGIN SELECT RAISE(IGNORE); END"
        )
        let insert = BulkInsert(into: "t", columns: ["a"], values: [1, -1, 2], returning: ["id"])
        let result = try await connection.run([.insert(insert)])[0]
        #expect(result.changes == 2)
        #expect(result.rows?.map { $0[0] } == [1, .null, 2])
    }

    @Test func aValueOfTheWrongTypeInAStrictTableIsTheRowsFault() async throws {
        try await connection.execute("CREATE TABLE t (a INTEGER) STRICT")
        let error = await #expect(throws: DatabaseError.self) {
            try await connection.execute("INSERT INTO t VALUES (\("secret"))")
        }
        #expect(error?.code == .invalidData)
        #expect(error?.kind == .rowFault)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func textThatIsNoJSONIsTheRowsFault() async throws {
        let error = await #expect(throws: DatabaseError.self) {
            try await connection.query("SELECT json_extract(\("not json"), '$.a')")
        }
        #expect(error?.code == .invalidData)
    }

    @Test func aConstraintOverAnExpressionHasNoColumns() async throws {
        try await connection.execute("CREATE TABLE t (a TEXT)")
        try await connection.execute("CREATE UNIQUE INDEX lowered ON t (lower(a))")
        try await connection.execute("INSERT INTO t VALUES ('a')")
        let error = await #expect(throws: DatabaseError.self) {
            try await connection.execute("INSERT INTO t VALUES ('A')")
        }
        #expect(error?.code == .uniqueViolation)
        #expect(error?.constraint == nil)
    }
}
