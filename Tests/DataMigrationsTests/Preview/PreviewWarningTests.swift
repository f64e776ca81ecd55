import DataMigrationsTesting
import Database
import Testing

@testable import DataMigrations

/// What makes a batch slow is told, and nothing else.
@Suite("Warnings of a preview") struct PreviewWarningTests {
    struct Reading: Model {
        var id: Int64
        var value: Int
    }

    struct Doubling: RowMigration {
        var rows: Query<Reading> { Reading.where("value >= 0") }
        func transform(_ reading: inout Reading) { reading.value *= 2 }
    }

    struct DoublingPicked: RowMigration {
        var rows: Query<Reading> { Reading.where("id IN (SELECT reading_id FROM picks)") }
        func transform(_ reading: inout Reading) { reading.value *= 2 }
    }

    private func makeReadings(_ count: Int, _ definition: String, in database: TestDatabase) async throws {
        try await database.execute("CREATE TABLE readings \(raw: definition)")
        try await database.execute(
            """
            INSERT INTO readings WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
            SELECT i, i % 7, i % 100 FROM n
            """
        )
    }

    /// A key whose columns are sorted in both directions, which no walk goes along.
    private static let mixed = """
        (id INTEGER NOT NULL, place INTEGER NOT NULL, value INTEGER, PRIMARY KEY (id, place DESC))
        """

    @Test func aSortOfEachBatchIsTold() async throws {
        let database = try await TestDatabase()
        try await makeReadings(12_000, Self.mixed, in: database)
        let source = try await database.previewLeavingNothing(Doubling(), sample: 100).sources[0]
        #expect(source.plan.contains { $0.hasPrefix("USE TEMP B-TREE") }, "\(source.plan)")
        // The walk has the index of the key prescribed, so no other one would help.
        #expect(source.warnings == ["each batch sorts what is left of readings"])
    }

    @Test func aSmallTableIsNotWarnedOf() async throws {
        let database = try await TestDatabase()
        try await makeReadings(10_000, Self.mixed, in: database)
        let source = try await database.previewLeavingNothing(Doubling(), sample: 100).sources[0]
        #expect(source.plan.contains { $0.hasPrefix("USE TEMP B-TREE") })
        #expect(source.warnings.isEmpty)
    }

    @Test(
        arguments: [
            "(id INTEGER PRIMARY KEY, place INTEGER, value INTEGER)",
            "(id INTEGER PRIMARY KEY DESC, place INTEGER, value INTEGER)",
            "(id TEXT PRIMARY KEY NOT NULL, place INTEGER, value INTEGER)",
            "(id INTEGER PRIMARY KEY, place INTEGER, value INTEGER) WITHOUT ROWID",
            "(id INTEGER, place INTEGER, value INTEGER, PRIMARY KEY (id, place))",
        ]
    )
    func aWalkAlongTheKeyIsNotWarnedOf(definition: String) async throws {
        let database = try await TestDatabase()
        try await makeReadings(12_000, definition, in: database)
        try await database.execute("CREATE INDEX values_of_readings ON readings (value)")
        let source = try await database.previewLeavingNothing(Doubling(), sample: 100).sources[0]
        #expect(source.plan.count == 1)
        #expect(source.plan.first?.hasPrefix("SEARCH ") == true, "\(source.plan)")
        #expect(source.warnings.isEmpty)
    }

    @Test func aScanOfAnotherTableIsNotTakenForOneOfThis() async throws {
        let database = try await TestDatabase()
        let definition = "(id INTEGER PRIMARY KEY, place INTEGER NOT NULL, value INTEGER NOT NULL)"
        try await makeReadings(12_000, definition, in: database)
        try await database.execute("CREATE TABLE picks (reading_id INTEGER)")
        try await database.execute("INSERT INTO picks SELECT id FROM readings WHERE id % 2")
        let source = try await database.previewLeavingNothing(DoublingPicked(), sample: 100).sources[0]
        #expect(source.plan.contains { $0.hasPrefix("SCAN ") && $0.contains("picks") }, "\(source.plan)")
        #expect(source.warnings.isEmpty)
    }

    @Test func fewRowsAmongManyAreNotWarnedOfWhereNoIndexWouldHelp() async throws {
        let database = try await TestDatabase()
        try await makeReadings(12_000, "(id INTEGER PRIMARY KEY, place INTEGER, value INTEGER)", in: database)
        try await database.execute("UPDATE readings SET value = -1 WHERE id % 1000 <> 0")
        let source = try await database.previewLeavingNothing(Doubling(), sample: 100).sources[0]
        #expect(source.rows == 12)
        #expect(source.warnings.isEmpty)
    }

    private func warnings(_ plan: [String], matching rows: Int, predicate: SQL?, _ schema: TableSchema) async throws
        -> [String]
    {
        let database = try await TestDatabase()
        let walk = TableWalk(schema: schema, keyset: Keyset(columns: ["id"]), predicate: predicate)
        return try await PlanCheck(walk: walk, connection: database.connection).warnings(plan: plan, matching: rows)
    }

    private func schema(_ name: String, rows: Int) -> TableSchema {
        TableSchema(name: name, columns: [], primaryKey: ["id"], uniqueKeys: [["id"]], estimatedRows: rows)
    }

    @Test func aScanIsToldWithTheIndexThatWouldHelp() async throws {
        let found = try await warnings(
            ["SCAN user", "USE TEMP B-TREE FOR ORDER BY"],
            matching: 5,
            predicate: "(slug IS NULL)",
            schema("shop.user", rows: 20_000)
        )
        let index = #"CREATE INDEX "user_azu" ON "shop"."user" ("id") WHERE (slug IS NULL)"#
        #expect(
            found == ["each batch reads all of shop.user, instead of going along an index; \(index) would help"]
        )
    }

    @Test func theValuesOfAConditionAreNotTold() async throws {
        let found = try await warnings(
            ["SCAN users"],
            matching: 5,
            predicate: "(name = \("secret"))",
            schema("users", rows: 20_000)
        )
        #expect(found.count == 1)
        #expect(found.first?.contains("secret") == false)
        #expect(found.first?.hasSuffix("WHERE the condition, with its values written out would help") == true)
    }

    @Test func withoutAConditionThereIsNoIndexToAdvise() async throws {
        let found = try await warnings(["SCAN users"], matching: 5, predicate: nil, schema("users", rows: 20_000))
        #expect(found == ["each batch reads all of users, instead of going along an index"])
        let small = try await warnings(["SCAN users"], matching: 5, predicate: nil, schema("users", rows: 10_000))
        #expect(small.isEmpty)
    }
}
