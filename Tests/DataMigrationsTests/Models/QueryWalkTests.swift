import DataMigrations
import DataMigrationsTesting
import Foundation
import Testing

@Suite("Walks over a query's rows")
struct QueryWalkTests {
    @Test("batches hold every row once, in the order of the key", arguments: [1, 2, 3, 4, 100])
    func batches(size: Int) async throws {
        let database = try await TestDatabase.withFourPeople()
        var names: [[String]] = []
        try await Inhabitant.all.inBatches(of: size, in: database) { names.append($0.map(\.name)) }
        #expect(names.flatMap { $0 } == ["Ada", "Bob", "Cleo", "Dan"])
        #expect(names.dropLast().allSatisfy { $0.count == size })
        #expect(names.allSatisfy { !$0.isEmpty })
    }

    @Test("a composite key is walked in its order", arguments: [1, 5, 12])
    func composite(size: Int) async throws {
        let database = try await TestDatabase.withMemberships()
        var keys: [String] = []
        try await Membership.all.inBatches(of: size, in: database) { keys += $0.map { "\($0.tenant)\($0.code)" } }
        let expected = ["1a", "1b", "1c", "1d", "2a", "2b", "2c", "2d", "3a", "3b", "3c", "3d"]
        #expect(keys == expected)
    }

    @Test func aConditionHoldsInEveryBatch() async throws {
        let database = try await TestDatabase.withMemberships()
        var keys: [String] = []
        let query = Membership.where("tenant = 1 OR tenant = 3").where(\.code != "b")
        try await query.inBatches(of: 2, in: database) { keys += $0.map { "\($0.tenant)\($0.code)" } }
        #expect(keys == ["1a", "1c", "1d", "3a", "3c", "3d"])
    }

    @Test func rowsThatTheBodyDeletesOrAddsBehindTheKeyDoNotDisturbTheWalk() async throws {
        let database = try await TestDatabase.withFourPeople()
        var names: [String] = []
        try await Inhabitant.all.inBatches(of: 2, in: database) { people in
            names += people.map(\.name)
            try await database.delete(people)
        }
        #expect(names == ["Ada", "Bob", "Cleo", "Dan"])
        #expect(try await Inhabitant.all.count(in: database) == 0)
    }

    @Test func eachHandsOverOneRowAfterTheOther() async throws {
        let database = try await TestDatabase.withFourPeople()
        var names: [String] = []
        try await Inhabitant.where(\.isActive == true).each(batchSize: 2, in: database) { names.append($0.name) }
        #expect(names == ["Ada", "Bob", "Cleo"])
    }

    @Test func anErrorOfTheBodyEndsTheWalk() async throws {
        struct Enough: Error {}
        let database = try await TestDatabase.withFourPeople()
        var names: [String] = []
        await #expect(throws: Enough.self) {
            try await Inhabitant.all.each(batchSize: 1, in: database) {
                names.append($0.name)
                if names.count == 2 { throw Enough() }
            }
        }
        #expect(names == ["Ada", "Bob"])
    }

    @Test func aWalkTakesNeitherOrderNorLimit() async throws {
        let database = try await TestDatabase.withFourPeople()
        for query in [Inhabitant.all.order("name"), Inhabitant.all.limit(2)] {
            await #expect(throws: ModelError.self) { try await query.inBatches(in: database) { _ in } }
        }
    }

    @Test func anEmptyTableHasNoBatches() async throws {
        let database = try await TestDatabase.withPeople()
        try await Inhabitant.all.inBatches(in: database) { _ in Issue.record("a batch of an empty table") }
    }

    @Test func pluckReadsOneColumn() async throws {
        let database = try await TestDatabase.withFourPeople()
        let query = Inhabitant.all.order("id")
        #expect(try await query.pluck("name", as: String.self, in: database) == ["Ada", "Bob", "Cleo", "Dan"])
        #expect(try await query.pluck("age", in: database) as [Int?] == [36, 17, nil, 52])
        #expect(try await query.pluck("is_active", as: Bool.self, in: database) == [true, true, true, false])
        #expect(try await query.limit(1, offset: 1).pluck("id", as: Int.self, in: database) == [2])
        let fault = await #expect(throws: DecodingFault.self) {
            try await query.pluck("age", as: Int.self, in: database)
        }
        #expect(fault?.description == "column age is missing or NULL")
    }

    @Test func pluckReadsDatesUUIDsDecimalsAndJSONLikeProperties() async throws {
        struct Thing: Model { var id: Int }
        enum Color: String, Codable { case red }
        let database = try await TestDatabase()
        let (date, uuid) = (Date(timeIntervalSince1970: 1_700_000_000), UUID())
        try await database.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, a, b, c, d, e, f)")
        try await database.execute(
            """
            INSERT INTO things VALUES (1, \(date), \(uuid), '12.10', '["x","y"]', 'red', \(Data([0, 1])))
            """
        )
        #expect(try await Thing.all.pluck("a", as: Date.self, in: database) == [date])
        #expect(try await Thing.all.pluck("a", as: Date?.self, in: database) == [date])
        #expect(try await Thing.all.pluck("b", as: UUID.self, in: database) == [uuid])
        #expect(try await Thing.all.pluck("c", as: Decimal.self, in: database) == [Decimal(string: "12.1")])
        #expect(try await Thing.all.pluck("d", as: [String].self, in: database) == [["x", "y"]])
        #expect(try await Thing.all.pluck("e", as: Color.self, in: database) == [.red])
        #expect(try await Thing.all.pluck("f", as: Data.self, in: database) == [Data([0, 1])])
    }
}
