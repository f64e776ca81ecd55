import Database
import Testing

@testable import DataMigrations

/// Tables are compared, and the gate is asked, as on SQLite.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct VerificationTests {
    struct Item: Model {
        var a: String
    }

    struct Copied: Model {
        static let table = "copies"
        var a: String
    }

    /// The keys of the table that is compared, and the values of each for the row number `i`.
    static let keys = [
        ("a bigint PRIMARY KEY", "i - 500"),
        ("a uuid PRIMARY KEY", "CAST(md5(CAST(i AS text)) AS uuid)"),
        ("a text COLLATE \"C\" PRIMARY KEY", "chr(65 + i * 7 % 60) || i"),
        ("a timestamptz PRIMARY KEY", "TIMESTAMPTZ '1999-12-01' + i * interval '1 hour 1 microsecond'"),
        ("a numeric(20, 3) PRIMARY KEY", "i * 1.375"),
        ("a text, b bigint, PRIMARY KEY (b, a)", "chr(65 + i % 60), i % 50"),
        ("a bigint UNIQUE", "nullif(i, 7)"),
        ("a bigint", "i"),
    ]

    /// Compares by slices of 90 rows.
    private func check(_ connection: any DatabaseConnection, on columns: [String]) async throws {
        let comparison = Comparison(
            first: try await HashedTable(Item.all, on: columns, in: connection),
            second: try await HashedTable(Copied.all, on: columns, in: connection),
            connection: connection,
            log: nil,
            sliceRows: 90
        )
        try await comparison.check()
    }

    @Test(arguments: keys.indices) func tablesAreComparedAlongAnyKey(_ index: Int) async throws {
        let (definition, values) = Self.keys[index]
        try await TestServer.withConnection { connection in
            try await connection.execute("CREATE TABLE items (\(raw: definition), n bigint, v text, at timestamptz)")
            let row: SQL = """
                \(raw: values), i, CASE WHEN i % 4 = 0 THEN NULL ELSE 'v"' || i % 9 END, TIMESTAMPTZ '2000-01-01' + i
                * interval '1 day'
                """
            try await connection.execute(
                "INSERT INTO items SELECT \(row) FROM generate_series(1, 700) AS i ON CONFLICT DO NOTHING"
            )
            try await connection.execute("CREATE TABLE copies AS SELECT * FROM items ORDER BY md5(CAST(n AS text))")
            let columns = ["a", "n", "v", "at"]
            try await check(connection, on: columns)
            try await connection.expect(same: Item.all, Copied.all, on: columns)

            try await connection.execute("UPDATE copies SET v = 'other' WHERE n = 16")
            let error = await #expect(throws: MigrationError.self) { try await check(connection, on: columns) }
            #expect(error?.code == .verification)
            #expect(error?.description.hasPrefix("items and copies have ") == true)
            #expect(error?.rows.count == 2)
            #expect(error?.rows.first?.hasPrefix("only in items: {") == true)
            #expect(error?.rows.first?.contains(#""v":null"#) == true)
            #expect(error?.rows.last?.contains(#""v":"other""#) == true)
            try await check(connection, on: ["a", "n", "at"])
        }
    }

    @Test func rowsThatOccurMoreOftenAndEmptyTablesAreTold() async throws {
        try await TestServer.withConnection { connection in
            try await connection.execute("CREATE TABLE items (id bigint PRIMARY KEY, a text)")
            try await connection.execute("CREATE TABLE copies (id bigint PRIMARY KEY, a text)")
            try await check(connection, on: ["a"])
            try await connection.execute("INSERT INTO items VALUES (1, 'x'), (2, 'x'), (3, 'y'), (4, NULL)")
            let empty = await #expect(throws: MigrationError.self) { try await check(connection, on: ["a"]) }
            #expect(empty?.rows.count == 4)
            try await connection.execute("INSERT INTO copies VALUES (1, 'x'), (2, 'y'), (3, 'y'), (4, NULL)")
            let error = await #expect(throws: MigrationError.self) { try await check(connection, on: ["a"]) }
            #expect(error?.description == "items and copies have 4 rows each, but differ in a")
            #expect(error?.rows.filter { $0.hasPrefix("more often in items: {\"a\":\"x\"") }.count == 2)
            #expect(error?.rows.filter { $0.hasPrefix("more often in copies: {\"a\":\"y\"") }.count == 2)
        }
    }

    struct CopyAll: DataMigration {
        func up(_ migration: MigrationContext) async throws {
            try await migration.step("copy") { try await $0.execute("INSERT INTO copies SELECT * FROM items") }
        }

        func verify(_ database: any DatabaseAccess) async throws {
            try await database.expect(same: Item.all, Copied.all, on: ["a"])
        }
    }

    @Test func aComparisonGoesOnWhereItWasAndItsVerdictIsRecorded() async throws {
        try await TestServer.withConnection { connection in
            try await connection.execute("CREATE TABLE items (id bigint PRIMARY KEY, a text)")
            try await connection.execute("CREATE TABLE copies (id bigint PRIMARY KEY, a text)")
            try await connection.execute("INSERT INTO items SELECT i, 'v' || i FROM generate_series(1, 500) AS i")
            let runner = Runner(connection)
            #expect(try await runner.migrate(entry(CopyAll()))?.status == .succeeded)
            let verdict: SQL = "SELECT verification, verified_at IS NOT NULL FROM data_migration_runs"
            #expect(try await connection.texts(verdict) == [["passed", "1"]])
            try await DataMigrations.require("copy_all", in: connection)

            // As a process that is stopped behind its second slice leaves it.
            let run = try #require(try await runner.ledger.latestRun(of: entry(CopyAll()).version))
            let stop = StopSignal()
            stop.request("test")
            let stopped = try await Runner(connection, stop: stop).context(
                run,
                MigrationOptions(),
                retries: false,
                direction: .up
            )
            for _ in 1...2 {
                await #expect(throws: RunStopped.self) { try await CopyAll().check(stopped) }
            }
            let cursors: SQL = "SELECT cursor, batches FROM data_migration_slices WHERE kind = 'verify' ORDER BY number"
            #expect(try await connection.texts(cursors) == [["[200]", "2"], [nil, "0"]])

            // The rows behind the cursor are not looked at again.
            try await connection.execute("UPDATE items SET a = 'other' WHERE id = 7")
            let going = try await runner.context(run, MigrationOptions(), retries: false, direction: .up)
            try await CopyAll().check(going)
            let cells: SQL = "SELECT sum(batches) FROM data_migration_slices WHERE kind = 'verify'"
            #expect(try await connection.number(cells) == 12)
        }
    }

    @Test func aVerificationThatFailsClosesTheGate() async throws {
        try await TestServer.withConnection { connection in
            let error = await #expect(throws: MigrationError.self) {
                try await DataMigrations.require("backfill_slugs", in: connection)
            }
            #expect(error?.code == .gate)
            #expect(try await connection.schema(of: "data_migrations") == nil)
            try await makeUsers(300, in: connection)
            let runner = Runner(connection, workers: 2)
            #expect(try await runner.migrate(entry(BackfillSlugs()))?.status == .succeeded)
            try await DataMigrations.require("backfill_slugs", in: connection)
            try await connection.execute("UPDATE users SET slug = NULL WHERE id IN (7, 8)")
            let failure = try await runner.verify(entry(BackfillSlugs())).failure
            #expect(failure?.rows.count == 2)
            await #expect(throws: MigrationError.self) {
                try await DataMigrations.require("backfill_slugs", in: connection)
            }
            try await connection.execute("UPDATE users SET slug = 'x' WHERE slug IS NULL")
            #expect(try await runner.verify(entry(BackfillSlugs())).isPassed)
            try await DataMigrations.require("backfill_slugs", in: connection)
        }
    }

    @Test func rowsInQuarantineOfATableWithoutAKeyAreLeftOut() async throws {
        struct Line: Model {
            var text: String
            var done: String?
        }
        struct Finish: RowMigration {
            var rows: Query<Line> { Line.where("done IS NULL") }
            func transform(_ line: inout Line) throws {
                if line.text == "line 5" { throw Unfit() }
                line.done = "done"
            }
        }
        try await TestServer.withConnection { connection in
            try await connection.execute("CREATE TABLE lines (text text NOT NULL, done text)")
            try await connection.execute("INSERT INTO lines SELECT 'line ' || i FROM generate_series(1, 50) AS i")
            let runner = Runner(connection)
            #expect(try await runner.migrate(entry(Finish()))?.status == .quarantined)
            #expect(try await runner.verify(entry(Finish())).isPassed)
            try await connection.execute("INSERT INTO lines VALUES ('late')")
            let failure = try await runner.verify(entry(Finish())).failure
            #expect(failure?.description.hasPrefix("1 row of lines meets the condition of finish") == true)
            #expect(failure?.rows.count == 1)
            #expect(failure?.rows.first?.contains(#""text":"late""#) == true)
        }
    }

    private struct Unfit: Error, CustomStringConvertible {
        var description: String { "this line is not fit" }
    }
}

extension VerificationTests.CopyAll {
    /// Asks with slices of 100 rows.
    fileprivate func check(_ context: RunContext) async throws {
        try await verify(Verification(context, sliceRows: 100))
    }
}
