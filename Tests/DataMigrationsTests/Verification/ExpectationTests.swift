import DataMigrations
import DataMigrationsTesting
import Testing

/// What `verify` can say of one table, also on a plain connection.
@Suite struct ExpectationTests {
    private func failure(_ body: () async throws -> Void) async throws -> MigrationError? {
        do {
            try await body()
            return nil
        } catch let error as MigrationError {
            return error
        }
    }

    @Test func rowsThatShouldNotBeThereAreCountedAndTheFirstOnesShownByTheirKey() async throws {
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        let error = try await failure { try await database.expect(none: User.where("id > 60")) }
        #expect(error?.code == .verification)
        #expect(error?.description == "40 rows of users are left that should not be there")
        #expect(error?.rows.count == 20)
        #expect(error?.rows.first == #"{"email":"User61@Example.com","id":61,"name":"User 61","slug":null}"#)
        #expect(error?.rows.last?.contains(#""id":80"#) == true)
    }

    @Test func oneRowIsSpokenOfAsOne() async throws {
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        let error = try await failure { try await database.expect(none: User.where("id = 2")) }
        #expect(error?.description == "1 row of users is left that should not be there")
        #expect(try await failure { try await database.expect(none: User.where("id = 7")) } == nil)
    }

    @Test func theDescriptionHoldsNoRow() async throws {
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        let error = try await failure { try await database.expect(none: User.all) }
        #expect(error.map { "\($0)" }?.contains("Example.com") == false)
    }

    @Test func rowsOfATableWhoseKeyTheModelDoesNotKnowAreShown() async throws {
        struct Line: Model {
            var text: String
        }
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE lines (number INTEGER NOT NULL PRIMARY KEY, text TEXT)")
        try await database.execute("INSERT INTO lines VALUES (2, 'b'), (1, 'a')")
        let error = try await failure { try await database.expect(none: Line.all) }
        #expect(error?.rows == [#"{"number":1,"text":"a"}"#, #"{"number":2,"text":"b"}"#])
    }

    @Test func rowsOfATableWithoutAKeyAreShown() async throws {
        struct Line: Model {
            var text: String
        }
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE lines (text TEXT)")
        try await database.execute("INSERT INTO lines VALUES ('a')")
        let error = try await failure { try await database.expect(none: Line.all) }
        #expect(error?.rows == [#"{"text":"a"}"#])
    }

    @Test func anOrderAndALimitOfTheQueryAreKept() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        let error = try await failure { try await database.expect(none: User.all.order("id DESC").limit(2)) }
        #expect(error?.description.hasPrefix("2 rows") == true)
        #expect(error?.rows.map { $0.contains(#""id":10"#) || $0.contains(#""id":9"#) } == [true, true])
    }

    @Test func aNumberOfRowsIsExpected() async throws {
        let database = try await TestDatabase()
        try await makeUsers(10, in: database)
        try await database.expect(count: User.where("id > 4"), equals: 6)
        let error = try await failure { try await database.expect(count: User.all, equals: 9) }
        #expect(error?.description == "users has 10 such rows where 9 were expected")
        #expect(error?.rows.isEmpty == true)
    }
}
