import DataMigrationsTesting
import Foundation
import Testing

@testable import DataMigrations

@Suite struct LedgerTests {
    @Test func theTableOfFinishedMigrationsIsTheOneThatUsersKnow() async throws {
        let database = try await TestDatabase()
        try await Ledger(connection: database.connection).prepare()
        let columns = try await database.texts(
            "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('data_migrations') ORDER BY cid"
        )
        #expect(
            columns == [
                ["id", "INTEGER", "0", nil, "1"], ["version", "VARCHAR(255)", "1", nil, "0"],
                ["name", "VARCHAR(255)", "1", nil, "0"], ["executed_at", "TIMESTAMP", "1", "CURRENT_TIMESTAMP", "0"],
            ]
        )
        let schema = try await database.connection.schema(of: "data_migrations")
        #expect(schema?.uniqueKeys.contains(["version"]) == true)
    }

    @Test func preparingTwiceChangesNothing() async throws {
        let database = try await TestDatabase()
        let ledger = Ledger(connection: database.connection)
        try await ledger.prepare()
        let before = try await database.texts("SELECT name, sql FROM sqlite_master ORDER BY name")
        try await ledger.prepare()
        #expect(try await database.texts("SELECT name, sql FROM sqlite_master ORDER BY name") == before)
        #expect(try await ledger.currentFormat() == Ledger.format)
    }

    @Test func valuesComeBackAsWhatTheyWere() throws {
        let values: [Value] = [
            .null, .bool(true), .integer(.min), .integer(.max), .text("ä\"\n"), .double(0.1), .double(-.infinity),
            .blob([0, 255]), .date(Date(timeIntervalSince1970: 1.5)), .uuid(UUID()), .json("{}"),
            .decimal(Decimal(string: "12345678901234567890.123") ?? 0), .text("1"), .text(""),
        ]
        #expect(StoredValue.values(of: StoredValue.text(of: values)) == values)
        #expect(StoredValue.values(of: "no list") == nil)
    }

    @Test func aDateComesBackToTheBit() {
        // Counted from 1970, a `Date` has a bit less: 0.1 µs of our time, 1 µs of the years after 2106.
        for interval: Double in [721_692_800.123_456_1, 4_200_000_000.000_001, -0.1, .leastNonzeroMagnitude, 1e300] {
            let values = [Value.date(Date(timeIntervalSinceReferenceDate: interval))]
            #expect(StoredValue.values(of: StoredValue.text(of: values)) == values)
        }
    }

    @Test func aDateThatAnOlderProgramStoredIsRead() {
        #expect(StoredValue.values(of: #"[{"date":"1.5"}]"#) == [.date(Date(timeIntervalSince1970: 1.5))])
    }

    @Test(arguments: ["(9223372036854775807,0)", "(4294967297,0)", "(-1,0)", "(,0)", "17", ""])
    func whatIsNoPlaceOfARowIsNone(text: String) { #expect(BlockPosition([.text(text)]) == nil) }

    @Test func theLastPlaceThatARowCanHaveIsOne() throws {
        let position = try #require(BlockPosition([.text("(4294967295,7)")]))
        let behind = BlockPosition(position.block + 1)
        #expect(behind.text == "(4294967296,0)")
        #expect(StoredValue.values(of: behind.stored).flatMap(BlockPosition.init) == behind)
    }

    @Test func aConditionKeepsTheValuesOfItsFirstBinding() throws {
        let dialect = Numbered()
        var arguments = BoundArguments()
        _ = try arguments.bind("a < \(1) AND b IN \([2, 3])", of: "rows", dialect: dialect)
        var later = try #require(BoundArguments(json: arguments.json))
        let bound = try later.bind("a < \(10) AND b IN \([20, 30])", of: "rows", dialect: dialect)
        #expect(bound.values == [1, 2, 3])
        #expect(throws: MigrationError.self) {
            try later.bind("a < \(1) AND b IN \([2, 3, 4])", of: "rows", dialect: dialect)
        }
    }

    private struct Numbered: Dialect {
        let name = "numbered"
        let generatedKeyDefinition = ""
        let currentMilliseconds = ""
        let maximumBoundValues = 10
        func placeholder(_ position: Int) -> String { "$\(position)" }
        func rowHash(_ columns: [SQL]) -> SQL { SQL.joined(columns, separator: ", ") }
        func stores(_ column: SQL, _ value: Value, type: String) -> SQL { "\(column) = \(value)" }
        func explanation(of query: SQL) -> SQL { "EXPLAIN \(query)" }
        func planStep(_ line: String) -> PlanStep? { nil }
    }
}
