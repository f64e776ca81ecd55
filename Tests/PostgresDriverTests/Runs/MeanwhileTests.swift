import DataMigrations
import Database
import Testing

/// Others write between the moment at which a row is read and that at which it is written: in `transform`.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct MeanwhileTests {
    private typealias Meanwhile = @Sendable (_ users: String) -> String

    /// Runs the migration over 500 users, in batches of 100, and SQL in a session of its own when a user was read and is
    /// not yet written.
    ///
    /// `sql` gets the name of the table; `check` looks at what is left.
    private func run(
        meanwhile sql: @escaping Meanwhile,
        at user: Int64 = 250,
        before: SQL = "SELECT 1",
        _ check: (_ connection: any DatabaseConnection, _ report: RunReport) async throws -> Void
    ) async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(500, in: connection)
            try await connection.execute(before)
            let schema = try await connection.schemaName()
            let once = Once()
            let migration = BackfillSlugs { id in
                if id == user, once.isFirst(id) { Blocking.run(sql("\(schema).users")) }
            }
            let report = try #require(try await Runner(connection).migrate(entry(migration)))
            #expect(!once.isFirst(user), "the row was never read")
            try await check(connection, report)
        }
    }

    private let wrong: SQL = "SELECT count(*) FROM users WHERE writes <> 1 OR slug IS DISTINCT FROM name || '-' || id"

    @Test func aRowThatIsChangedIsReadAgain() async throws {
        let sql: Meanwhile = { "UPDATE \($0) SET name = 'Changed' WHERE id IN (201, 250, 300)" }
        try await run(meanwhile: sql) { connection, report in
            #expect(report.status == .succeeded)
            #expect(report.counters.changed == 500)
            let changed = try await connection.texts("SELECT slug FROM users WHERE name = 'Changed' ORDER BY id")
            #expect(changed == [["Changed-201"], ["Changed-250"], ["Changed-300"]])
            #expect(try await connection.number("SELECT count(*) FROM users WHERE slug <> name || '-' || id") == 0)
        }
    }

    @Test func aRowOfALaterBatchThatIsChangedIsReadAgain() async throws {
        let sql: Meanwhile = { "UPDATE \($0) SET name = 'Changed' WHERE id IN (301, 400, 401, 500)" }
        try await run(meanwhile: sql) { connection, report in
            #expect(report.status == .succeeded)
            let changed = try await connection.texts("SELECT slug FROM users WHERE name = 'Changed' ORDER BY id")
            #expect(changed == [["Changed-301"], ["Changed-400"], ["Changed-401"], ["Changed-500"]])
        }
    }

    @Test func aRowThatIsDeletedIsLeftOut() async throws {
        let sql: Meanwhile = { "DELETE FROM \($0) WHERE id BETWEEN 240 AND 260" }
        try await run(meanwhile: sql) { connection, report in
            #expect(report.status == .succeeded)
            #expect(report.counters.changed == 479)
            #expect(report.counters.visited == 479)
            try await #expect(connection.number(wrong) == 0)
        }
    }

    @Test func aBatchWhoseRowsAreAllDeletedIsPassedOver() async throws {
        let sql: Meanwhile = { "DELETE FROM \($0) WHERE id BETWEEN 201 AND 300" }
        try await run(meanwhile: sql) { connection, report in
            #expect(report.status == .succeeded)
            #expect(report.counters.visited == 400)
            try await #expect(connection.number(wrong) == 0)
        }
    }

    @Test func aRowThatNoLongerMeetsTheConditionIsLeftAlone() async throws {
        let sql: Meanwhile = { "UPDATE \($0) SET slug = 'by hand' WHERE id = 260" }
        try await run(meanwhile: sql) { connection, report in
            #expect(report.status == .succeeded)
            #expect(report.counters.changed == 499)
            try await #expect(connection.texts("SELECT slug, writes FROM users WHERE id = 260") == [["by hand", "1"]])
            try await #expect(connection.number(wrong) == 1)
        }
    }

    @Test func aRowThatComesUpAmongThoseOfABatchIsTakenLater() async throws {
        let gap: SQL = "DELETE FROM users WHERE id IN (205, 260)"
        let sql: Meanwhile = { "INSERT INTO \($0) (id, name, email) VALUES (205, 'Late', 'a'), (260, 'Late', 'b')" }
        try await run(meanwhile: sql, before: gap) { connection, report in
            #expect(report.status == .succeeded)
            #expect(report.counters.changed == 500)
            try await #expect(connection.number(wrong) == 0)
        }
    }

    @Test func aRowThatComesUpAmongThoseOfTheFirstBatchIsTakenLater() async throws {
        let gap: SQL = "DELETE FROM users WHERE id IN (5, 60)"
        let sql: Meanwhile = { "INSERT INTO \($0) (id, name, email) VALUES (5, 'Late', 'a'), (60, 'Late', 'b')" }
        try await run(meanwhile: sql, at: 50, before: gap) { connection, report in
            #expect(report.status == .succeeded)
            #expect(report.counters.changed == 500)
            try await #expect(connection.number(wrong) == 0)
        }
    }

    @Test func rowsBelowAndAboveAllOthersAreTakenByTheSweep() async throws {
        let sql: Meanwhile = { "INSERT INTO \($0) (id, name, email) VALUES (0, 'Low', 'a'), (900, 'High', 'b')" }
        try await run(meanwhile: sql) { connection, report in
            #expect(report.status == .succeeded)
            #expect(report.counters.changed == 502)
            try await #expect(connection.number(wrong) == 0)
        }
    }

    @Test func aTableThatIsAlteredIsReadAnew() async throws {
        let sql: Meanwhile = { "ALTER TABLE \($0) ALTER COLUMN name TYPE varchar(200), ADD COLUMN more int DEFAULT 5" }
        try await run(meanwhile: sql) { connection, report in
            #expect(report.status == .succeeded)
            #expect(report.counters.changed == 500)
            try await #expect(connection.number(wrong) == 0)
        }
    }
}
