import DataMigrations
import DataMigrationsTesting
import Testing

@Suite("Writing models")
struct WriteTests {
    let database: TestDatabase

    init() async throws { database = try await .withFourPeople() }

    private func names() async throws -> [String] {
        try await Inhabitant.all.order("id").pluck("name", in: database)
    }

    // MARK: insert

    @Test func anInsertedRowGetsItsIDFromTheDatabase() async throws {
        let id = try await database.insert(Inhabitant(name: "Eve", age: 1, isActive: false, city: nil))
        #expect(id == 5)
        #expect(try await database.rows("SELECT * FROM people WHERE id = 5") == [[5, "Eve", 1, 0, .null]])
    }

    @Test func anIDThatIsGivenIsKept() async throws {
        let inserted = try await database.insert([Inhabitant(id: 70, name: "Eve"), Inhabitant(name: "Finn")])
        #expect(inserted.ids == [70, 71])
        #expect(try await database.rows("SELECT id, name FROM people WHERE id > 4") == [[70, "Eve"], [71, "Finn"]])
    }

    @Test func noRowsAreInsertedFromAnEmptyList() async throws {
        let inserted = try await database.insert([Inhabitant]())
        #expect(inserted.count == 0)
        #expect(inserted.skipped == 0)
        #expect(inserted.ids.isEmpty)
        #expect(try await names().count == 4)
    }

    @Test func aConflictFailsAndLeavesNothingOfTheInsert() async throws {
        let error = await #expect(throws: DatabaseError.self) {
            try await database.insert([Inhabitant(name: "Eve"), Inhabitant(name: "Ada")])
        }
        #expect(error?.code == .uniqueViolation)
        #expect(error?.constraint?.columns == ["name"])
        #expect(try await names() == ["Ada", "Bob", "Cleo", "Dan"])
    }

    @Test func skippedRowsAreCountedAndHaveNoID() async throws {
        let people = [
            Inhabitant(name: "Eve"), Inhabitant(name: "Ada", age: 99), Inhabitant(name: "Finn"),
            Inhabitant(name: "Eve"),
        ]
        let inserted = try await database.insert(people, onConflict: .skip())
        #expect(inserted.ids == [5, nil, 6, nil])
        #expect(inserted.count == 2)
        #expect(inserted.skipped == 2)
        #expect(inserted.pairs(with: people).map(\.source.name) == ["Eve", "Finn"])
        #expect(inserted.pairs(with: people).map(\.id) == [5, 6])
        #expect(try await Inhabitant.find(1, in: database).age == 36)
        #expect(try await database.insert(Inhabitant(name: "Ada"), onConflict: .skip("name")) == nil)
    }

    @Test func aConflictOnAnotherColumnThanTheSkippedOnesFails() async throws {
        await #expect(throws: DatabaseError.self) {
            try await database.insert([Inhabitant(id: 1, name: "Eve")], onConflict: .skip("name"))
        }
        #expect(try await names() == ["Ada", "Bob", "Cleo", "Dan"])
    }

    @Test func anUpsertWritesTheOtherColumns() async throws {
        let people = [Inhabitant(name: "Ada", age: 37, isActive: false), Inhabitant(name: "Eve")]
        let inserted = try await database.insert(people, onConflict: .update("name"))
        #expect(inserted.ids == [1, 5])
        #expect(inserted.count == 2)
        #expect(try await database.rows("SELECT * FROM people WHERE name = 'Ada'") == [[1, "Ada", 37, 0, .null]])
    }

    @Test func anUpsertCanBeHeldToSomeColumns() async throws {
        let person = Inhabitant(name: "Ada", age: 37, isActive: false)
        try await database.insert(person, onConflict: .update("name", set: ["age"]))
        #expect(try await database.rows("SELECT * FROM people WHERE name = 'Ada'") == [[1, "Ada", 37, 1, "London"]])
    }

    @Test func compositeKeysComeBackWhole() async throws {
        let database = try await TestDatabase.withMemberships()
        let new = [Membership(tenant: 9, code: "x", points: 1), Membership(tenant: 1, code: "a", points: 1)]
        let inserted = try await database.insert(new, onConflict: .skip())
        #expect(inserted.keys.map(\.values) == [[9, "x"], [.null, .null]])
        #expect(inserted.skipped == 1)
    }

    @Test func aModelOfNothingButItsKeyIsInserted() async throws {
        struct Ticket: Model { var id: Int64? }
        try await database.execute("CREATE TABLE tickets (id INTEGER PRIMARY KEY)")
        #expect(try await database.insert(Ticket()) == 1)
        #expect(try await database.insert([Ticket(), Ticket(id: 7)]).ids == [2, 7])
        #expect(try await database.rows("SELECT id FROM tickets ORDER BY id") == [[1], [2], [7]])
    }

    @Test func aModelWithoutAKeyIsInserted() async throws {
        struct Line: Model {
            static let primaryKey: [String] = []
            var text: String
        }
        try await database.execute("CREATE TABLE lines (text TEXT UNIQUE)")
        #expect(try await database.insert(Line(text: "one")) == nil)
        let inserted = try await database.insert([Line(text: "one"), Line(text: "two")], onConflict: .skip())
        #expect(inserted.count == 1)
        #expect(inserted.skipped == 1)
        #expect(inserted.ids == [nil, nil])
        #expect(try await database.rows("SELECT text FROM lines ORDER BY text") == [["one"], ["two"]])
    }

    @Test func thousandsOfRowsAreInsertedAtOnce() async throws {
        let inserted = try await database.insert(
            (0..<20_000).map { (index: Int) in Inhabitant(name: "name \(index)", age: index) }
        )
        #expect(inserted.count == 20_000)
        #expect(inserted.ids == (5..<20_005).map { Int64($0) })
        let wrong = try await database.rows("SELECT count(*) FROM people WHERE id > 4 AND name <> 'name ' || (id - 5)")
        #expect(wrong == [[0]])
    }

    // MARK: update and delete

    @Test func anUpdateWritesAllPropertiesOfTheRowsGiven() async throws {
        var people = try await Inhabitant.where("id IN (1, 2)").order("id").fetch(in: database)
        people[0].city = nil
        people[1].name = "Bobby"
        #expect(try await database.update(people) == 2)
        #expect(
            try await database.rows("SELECT id, name, city FROM people ORDER BY id")
                == [[1, "Ada", .null], [2, "Bobby", .null], [3, "Cleo", .null], [4, "Dan", "Paris"]]
        )
    }

    @Test func anUpdateOfSomeColumnsLeavesTheOthers() async throws {
        let person = Inhabitant(id: 1, name: "Changed", age: 99, isActive: false, city: "Changed")
        #expect(try await database.update([person], columns: ["age"]) == 1)
        #expect(try await database.rows("SELECT * FROM people WHERE id = 1") == [[1, "Ada", 99, 1, "London"]])
    }

    @Test func anUpdateOrDeleteOfARowThatIsGoneSaysSo() async throws {
        #expect(try await database.update(Inhabitant(id: 99, name: "Zoe")) == false)
        #expect(try await database.delete(Inhabitant(id: 99, name: "Zoe")) == false)
        #expect(try await database.update([Inhabitant]()) == 0)
        #expect(try await database.delete([Inhabitant]()) == 0)
        #expect(try await names() == ["Ada", "Bob", "Cleo", "Dan"])
    }

    @Test func anUpdateByACompositeKeyTouchesThatRowOnly() async throws {
        let database = try await TestDatabase.withMemberships()
        #expect(try await database.update(Membership(tenant: 2, code: "c", points: 99)))
        #expect(try await database.rows("SELECT tenant, code FROM memberships WHERE points = 99") == [[2, "c"]])
        #expect(try await database.delete([Membership(tenant: 2, code: "c", points: 0)]) == 1)
        #expect(try await Membership.all.count(in: database) == 11)
    }

    @Test func aColumnThatTheModelDoesNotHaveIsRefused() async throws {
        let person = Inhabitant(id: 1, name: "Ada")
        let error = await #expect(throws: ModelError.self) { try await database.update([person], columns: ["nope"]) }
        #expect(error?.description == "Inhabitant has no property for the column nope of people")
    }

    @Test func deletedRowsAreGone() async throws {
        let people = try await Inhabitant.where(\.isActive == true).fetch(in: database)
        #expect(try await database.delete(people) == 3)
        #expect(try await names() == ["Dan"])
    }

    @Test func reloadReadsTheRowAgain() async throws {
        let before = try await Inhabitant.find(1, in: database)
        try await database.execute("UPDATE people SET age = 37 WHERE id = 1")
        #expect(try await database.reload(before).age == 37)
        try await database.execute("DELETE FROM people WHERE id = 1")
        await #expect(throws: ModelError.self) { try await database.reload(before) }
    }

    // MARK: updateAll and deleteAll

    @Test func updateAllChangesTheQuerysRowsWithOneStatement() async throws {
        let name = "O'Brien"
        let changed = try await Inhabitant.where(\.city == nil).updateAll("city = \(name), age = age + 1", in: database)
        #expect(changed == 2)
        #expect(
            try await database.rows("SELECT id, age, city FROM people ORDER BY id")
                == [[1, 36, "London"], [2, 18, "O'Brien"], [3, .null, "O'Brien"], [4, 52, "Paris"]]
        )
    }

    @Test func deleteAllDeletesTheQuerysRows() async throws {
        #expect(try await Inhabitant.where("age < \(40)").deleteAll(in: database) == 2)
        #expect(try await names() == ["Cleo", "Dan"])
        #expect(try await Inhabitant.all.deleteAll(in: database) == 2)
    }

    @Test func anUpdateOrDeleteOfManyRowsTakesNeitherOrderNorLimit() async throws {
        for query in [Inhabitant.all.limit(1), Inhabitant.all.order("id")] {
            await #expect(throws: ModelError.self) { try await query.updateAll("age = 0", in: database) }
            await #expect(throws: ModelError.self) { try await query.deleteAll(in: database) }
        }
        #expect(try await names().count == 4)
    }
}
