import Database
import SQLiteDriver
import Testing

@testable import DataMigrations

/// Which of an author's statements are noted as writes that no journal can take back.
@Suite("Statements that may write") struct MayWriteTests {
    @Test func areToldByTheirFirstWord() async throws {
        let connection = try await SQLiteConnection(path: nil)
        let writes = [
            "INSERT INTO a VALUES (1)", "delete from a", "\tUPDATE\na SET b = 1", "/* SELECT */ DROP TABLE a",
            "-- select\nTRUNCATE a", "CALL f()", "select_into()", "", "-- SELECT",
        ]
        for text in writes { #expect(SQL(raw: text).mayWrite(connection.dialect), "\(text)") }
        let reads = [
            "SELECT 'DELETE FROM a'", "(select 1) UNION (SELECT 2)", ";VALUES (1)", "Explain DELETE FROM a",
            "/* DELETE */ -- UPDATE\nTABLE a", "pragma table_info(a)",
        ]
        for text in reads { #expect(!SQL(raw: text).mayWrite(connection.dialect), "\(text)") }
        await connection.close()
    }

    @Test func areToldByTheirVerbsBehindWith() async throws {
        let connection = try await SQLiteConnection(path: nil)
        let writes = [
            "WITH a AS (SELECT 1) DELETE FROM b", "with a as (update b set c = 1 returning d) select * from a",
            "WITH a AS (SELECT 1)\nINSERT INTO b SELECT * FROM a",
        ]
        for text in writes { #expect(SQL(raw: text).mayWrite(connection.dialect), "\(text)") }
        let reads = [
            "WITH a AS (SELECT 1) SELECT * FROM a", "with a as (select 1) select * from b for update",
            "WITH a AS (SELECT updated, delete_at FROM b) TABLE a",
        ]
        for text in reads { #expect(!SQL(raw: text).mayWrite(connection.dialect), "\(text)") }
        await connection.close()
    }
}
