import DataMigrations
import Database
import Testing

/// Tables without a key, whose rows the database itself tells apart by where they lie.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct NoKeyTests {
    struct Line: Model {
        var text: String
        var done: String?
    }

    struct Copied: Model {
        static let table = "copies"
        static let primaryKey: [String] = []
        var text: String
    }

    /// Copies lines, and may delete them.
    struct Take: BatchMigration {
        var deletes = false
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(130)) }
        var rows: Query<Line> { deletes ? Line.where("text LIKE 'old%'") : Line.all }

        func process(_ lines: [Line], _ batch: Batch) async throws {
            try await batch.insert(lines.map { Copied(text: $0.text) })
            if deletes { try await batch.deleteRows() }
        }
    }

    /// Copies lines that stay where they are, and go on to meet the condition.
    struct TakeSome: BatchMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(130)) }
        var rows: Query<Line> { Line.where("text LIKE 'old%'") }

        func process(_ lines: [Line], _ batch: Batch) async throws {
            try await batch.insert(lines.map { Copied(text: $0.text) })
        }
    }

    struct Finish: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(130)) }
        var rows: Query<Line> { Line.where("done IS NULL") }
        func transform(_ line: inout Line) { line.done = "\(line.text)!" }
    }

    /// The same without a condition that rows leave.
    struct FinishAll: RowMigration {
        var rows: Query<Line> { Line.all }
        func transform(_ line: inout Line) { line.done = "\(line.text)!" }
    }

    /// With a condition that changed rows still meet.
    struct Append: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(130)) }
        var rows: Query<Line> { Line.where("text LIKE 'old%'") }
        func transform(_ line: inout Line) { line.done = (line.done ?? "") + "!" }
    }

    /// 3 000 lines, of which many are the same, in an order that has nothing to do with their text, and with gaps.
    private func withLines(_ body: (_ connection: any DatabaseConnection) async throws -> Void) async throws {
        try await TestServer.withConnection { connection in
            let statements: [SQL] = [
                "CREATE TABLE lines (text text NOT NULL, done text, writes bigint NOT NULL DEFAULT 0)",
                "CREATE TABLE copies (text text NOT NULL)",
                """
                INSERT INTO lines (text) SELECT CASE WHEN i % 3 = 0 THEN 'new' ELSE 'old' END || i * 7919 % 500
                FROM generate_series(1, 4000) AS i
                """,
                "DELETE FROM lines WHERE ctid IN (SELECT ctid FROM lines ORDER BY text LIMIT 1000)",
                "CREATE TABLE given AS SELECT text FROM lines",
            ]
            for statement in statements { try await connection.execute(statement) }
            try await countWrites(of: "lines", in: connection)
            try await body(connection)
        }
    }

    /// How many rows only one of two queries has, counting those that are the same.
    private func difference(_ left: SQL, _ right: SQL, in connection: any DatabaseConnection) async throws -> Int {
        try await connection.number(
            """
            SELECT count(*) FROM ((\(left) EXCEPT ALL \(right)) UNION ALL (\(right) EXCEPT ALL \(left))) AS difference
            """
        )
    }

    @Test func eachRowIsCopiedOnce() async throws {
        try await withLines { connection in
            let report = try await Runner(connection, workers: 2).migrate(entry(Take()))
            #expect(report?.status == .succeeded)
            #expect(report?.counters.inserted == 3_000)
            #expect(try await difference("SELECT text FROM copies", "SELECT text FROM given", in: connection) == 0)
            #expect(try await connection.number("SELECT count(*) FROM lines") == 3_000)
        }
    }

    @Test func aRowThatIsCopiedAndStaysIsNotTakenForOneThatWasMissed() async throws {
        try await withLines { connection in
            let expected = try await connection.number("SELECT count(*) FROM lines WHERE text LIKE 'old%'")
            let report = try await Runner(connection).migrate(entry(TakeSome()))
            #expect(report?.status == .succeeded)
            try await #expect(connection.number("SELECT count(*) FROM copies") == expected)
        }
    }

    @Test func eachRowThatIsMovedLeavesOneTableAndArrivesInTheOther() async throws {
        try await withLines { connection in
            let report = try await Runner(connection).migrate(entry(Take(deletes: true)))
            #expect(report?.status == .succeeded)
            let old: SQL = "SELECT text FROM given WHERE text LIKE 'old%'"
            let new: SQL = "SELECT text FROM given WHERE text NOT LIKE 'old%'"
            #expect(try await difference("SELECT text FROM copies", old, in: connection) == 0)
            #expect(try await difference("SELECT text FROM lines", new, in: connection) == 0)
            #expect(report?.counters.deleted == report?.counters.inserted)
        }
    }

    @Test func aRowThatLeavesTheConditionIsChangedOnce() async throws {
        try await withLines { connection in
            let report = try await Runner(connection).migrate(entry(Finish()))
            #expect(report?.status == .succeeded)
            #expect(report?.counters.changed == 3_000)
            let wrong = try await connection.number(
                "SELECT count(*) FROM lines WHERE writes <> 1 OR done IS DISTINCT FROM text || '!'"
            )
            #expect(wrong == 0)
            #expect(try await difference("SELECT text FROM lines", "SELECT text FROM given", in: connection) == 0)
        }
    }

    @Test func aChangeWithoutAConditionIsRefusedBeforeTheFirstWrite() async throws {
        try await withLines { connection in
            let error = await #expect(throws: MigrationError.self) {
                try await Runner(connection).migrate(entry(FinishAll()))
            }
            #expect(error?.code == .mismatch)
            #expect(error?.description.contains("lines") == true)
            try await #expect(connection.number("SELECT count(*) FROM lines WHERE writes > 0 OR done IS NOT NULL") == 0)
            try await #expect(connection.number("SELECT count(*) FROM data_migration_slices WHERE step = 'rows'") == 0)
        }
    }

    @Test func noRowIsChangedTwiceForItsNewPlace() async throws {
        try await withLines { connection in
            // Changed rows move to later blocks, where there is room.
            try await connection.execute("DELETE FROM lines WHERE ctid > '(12,0)' AND text NOT LIKE 'old1%'")
            try await connection.execute("VACUUM lines")
            do {
                let report = try await Runner(connection).migrate(entry(Append()))
                #expect(report?.status == .succeeded)
                #expect(
                    try await connection.number("SELECT count(*) FROM lines WHERE text LIKE 'old%' AND writes = 0") == 0
                )
            } catch let error as MigrationError {
                // Or it is refused, as a change without a condition is.
                #expect(error.code == .mismatch || error.code == .verification, "\(error)")
            }
            #expect(try await connection.number("SELECT count(*) FROM lines WHERE writes > 1") == 0)
        }
    }
}
