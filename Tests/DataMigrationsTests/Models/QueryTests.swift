import DataMigrations
import DataMigrationsTesting
import Testing

@Suite("Queries")
struct QueryTests {
    let database: TestDatabase

    init() async throws { database = try await .withFourPeople() }

    private static let select = #"SELECT "id", "name", "age", "is_active", "city" FROM "people""#

    /// A query, its SQL behind the table's name, and the rows it finds.
    private static var conditions: [(Query<Inhabitant>, String, [Value], [String])] {
        let nobody: String? = nil
        return [
            (Inhabitant.all, "", [], ["Ada", "Bob", "Cleo", "Dan"]),
            (Inhabitant.where("age > \(20)"), " WHERE (age > ?)", [20], ["Ada", "Dan"]),
            (Inhabitant.where(\.isActive == true), #" WHERE ("is_active" = ?)"#, [true], ["Ada", "Bob", "Cleo"]),
            (Inhabitant.where(\.name == "Bob"), #" WHERE ("name" = ?)"#, ["Bob"], ["Bob"]),
            (Inhabitant.where(\.name != "Bob"), #" WHERE ("name" <> ?)"#, ["Bob"], ["Ada", "Cleo", "Dan"]),
            (Inhabitant.where(\.city == nil), #" WHERE ("city" IS NULL)"#, [], ["Bob", "Cleo"]),
            (Inhabitant.where(\.city == nobody), #" WHERE ("city" IS NULL)"#, [], ["Bob", "Cleo"]),
            (Inhabitant.where(\.city != nil), #" WHERE ("city" IS NOT NULL)"#, [], ["Ada", "Dan"]),
            (Inhabitant.where(\.age < 36), #" WHERE ("age" < ?)"#, [36], ["Bob"]),
            (Inhabitant.where(\.age <= 36), #" WHERE ("age" <= ?)"#, [36], ["Ada", "Bob"]),
            (Inhabitant.where(\.age > 36), #" WHERE ("age" > ?)"#, [36], ["Dan"]),
            (Inhabitant.where(\.age >= 36), #" WHERE ("age" >= ?)"#, [36], ["Ada", "Dan"]),
            (Inhabitant.where("id IN \([1, 3, 9])"), " WHERE (id IN (?, ?, ?))", [1, 3, 9], ["Ada", "Cleo"]),
            (
                Inhabitant.where("age < 20 OR age > 50").where(\.isActive == true),
                #" WHERE (age < 20 OR age > 50) AND ("is_active" = ?)"#, [true], ["Bob"]
            ),
        ]
    }

    @Test("a query's SQL finds its rows", arguments: 0..<14)
    func find(_ index: Int) async throws {
        let (query, sql, values, names) = Self.conditions[index]
        let rendered = query.sql.rendered(for: database.connection.dialect)
        #expect(rendered.text == Self.select + sql)
        #expect(rendered.values == values)
        #expect(try await query.fetch(in: database).map(\.name).sorted() == names)
        #expect(try await query.count(in: database) == names.count)
        #expect(try await query.exists(in: database) == !names.isEmpty)
    }

    @Test func anEmptyListMatchesNothing() async throws {
        #expect(try await Inhabitant.where("id IN \([Int]())").fetch(in: database).isEmpty)
        #expect(try await Inhabitant.where("id NOT IN \([Int]())").count(in: database) == 4)
    }

    @Test func rowsBecomeWholeStructs() async throws {
        let people = try await Inhabitant.all.order("id").fetch(in: database)
        #expect(people.first == Inhabitant(id: 1, name: "Ada", age: 36, isActive: true, city: "London"))
        #expect(people.last == Inhabitant(id: 4, name: "Dan", age: 52, isActive: false, city: "Paris"))
        #expect(people[2].age == nil)
    }

    @Test func orderLimitAndOffsetCutTheRows() async throws {
        let query = Inhabitant.all.order("name DESC")
        #expect(try await query.fetch(in: database).map(\.name) == ["Dan", "Cleo", "Bob", "Ada"])
        #expect(try await query.limit(2).fetch(in: database).map(\.name) == ["Dan", "Cleo"])
        let page = query.limit(2, offset: 1)
        #expect(try await page.fetch(in: database).map(\.name) == ["Cleo", "Bob"])
        let text = page.sql.rendered(for: database.connection.dialect).text
        #expect(text == Self.select + " ORDER BY name DESC LIMIT ? OFFSET ?")
    }

    @Test func aLaterOrderReplacesAnEarlierOne() async throws {
        let query = Inhabitant.all.order("name").order("id DESC")
        #expect(try await query.first(in: database)?.name == "Dan")
    }

    @Test func countAndExistsKeepToLimitAndOffset() async throws {
        #expect(try await Inhabitant.all.limit(3).count(in: database) == 3)
        #expect(try await Inhabitant.all.limit(3, offset: 2).count(in: database) == 2)
        #expect(try await Inhabitant.all.order("id").count(in: database) == 4)
        #expect(try await Inhabitant.all.limit(10, offset: 3).exists(in: database))
        #expect(try await Inhabitant.all.limit(10, offset: 4).exists(in: database) == false)
        #expect(try await Inhabitant.all.limit(0).exists(in: database) == false)
        #expect(try await Inhabitant.all.limit(0).count(in: database) == 0)
    }

    @Test func firstIsTheFirstOfTheQuerysRowsOrNone() async throws {
        #expect(try await Inhabitant.all.order("age DESC").first(in: database)?.name == "Dan")
        #expect(try await Inhabitant.all.order("name").limit(2, offset: 1).first(in: database)?.name == "Bob")
        #expect(try await Inhabitant.where(\.name == "Zoe").first(in: database) == nil)
        #expect(try await Inhabitant.all.limit(0).first(in: database) == nil)
    }

    @Test func findReadsTheRowOfAKey() async throws {
        #expect(try await Inhabitant.find(2, in: database).name == "Bob")
        await #expect(throws: ModelError.self) { try await Inhabitant.find(99, in: database) }
        await #expect(throws: ModelError.self) { try await Inhabitant.find(1, 2, in: database) }
    }

    @Test func findTakesAllPartsOfACompositeKey() async throws {
        let database = try await TestDatabase.withMemberships()
        #expect(try await Membership.find(2, "c", in: database) == Membership(tenant: 2, code: "c", points: 20))
        await #expect(throws: ModelError.self) { try await Membership.find(2, in: database) }
    }

    @Test func aMissingColumnIsAnErrorRatherThanItsOwnName() async throws {
        let query: Query<Inhabitant> = Inhabitant.where("\(identifier: "nope") = 'nope'")
        let error = await #expect(throws: DatabaseError.self) { try await query.fetch(in: database) }
        #expect(error?.code == .missingColumn)
    }

    @Test func aPropertyInsideAnotherIsNoColumn() async throws {
        struct Place: Codable, Sendable { var name: String }
        struct Resident: Model {
            static let table = "people"
            var id: Int
            var city: Place
        }
        let error = await #expect(throws: DatabaseError.self) {
            try await Resident.where(\.city.name == "Ada").count(in: database)
        }
        #expect(error?.code == .missingColumn)
    }

    @Test func aModelWhoseColumnsCannotBeGuessedReadsThemAll() async throws {
        struct Graded: Model {
            static let table = "people"
            var id: Int
            var age: Adult
        }
        let query = Graded.where("age > 20").order("id")
        #expect(query.sql.rendered(for: database.connection.dialect).text.hasPrefix(#"SELECT * FROM "people""#))
        #expect(try await query.fetch(in: database).map(\.age.years) == [36, 52])
    }
}

/// A type that takes no made-up value.
private struct Adult: Codable {
    var years: Int

    init(from decoder: any Decoder) throws {
        years = try decoder.singleValueContainer().decode(Int.self)
        guard years >= 18 else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "not an adult"))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(years)
    }
}
