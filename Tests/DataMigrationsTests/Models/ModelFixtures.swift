import DataMigrations
import DataMigrationsTesting
import Foundation

struct Inhabitant: Model, Equatable {
    var id: Int64?
    var name: String
    var age: Int?
    var isActive = true
    var city: String?
}

struct Membership: Model, Equatable {
    static let primaryKey = ["tenant", "code"]
    var tenant: Int
    var code: String
    var points: Int
}

extension TestDatabase {
    /// A table of people, empty.
    static func withPeople() async throws -> TestDatabase {
        let database = try await TestDatabase()
        try await database.execute(
            """
            CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, age INTEGER,
            is_active BOOLEAN NOT NULL DEFAULT 1, city TEXT)
            """
        )
        return database
    }

    /// Ada 36, Bob 17, Cleo without an age, Dan 52 who is not active; Ada and Dan live in a city.
    static func withFourPeople() async throws -> TestDatabase {
        let database = try await withPeople()
        try await database.execute(
            """
            INSERT INTO people VALUES (1, 'Ada', 36, 1, 'London'), (2, 'Bob', 17, 1, NULL), (3, 'Cleo', NULL, 1, NULL),
            (4, 'Dan', 52, 0, 'Paris')
            """
        )
        return database
    }

    /// A table of memberships: 3 tenants with 4 codes each.
    static func withMemberships() async throws -> TestDatabase {
        let database = try await TestDatabase()
        try await database.execute(
            "CREATE TABLE memberships (tenant INTEGER, code TEXT, points INTEGER, PRIMARY KEY (tenant, code))"
        )
        for tenant in 1...3 {
            for code in ["d", "a", "c", "b"] {
                try await database.execute("INSERT INTO memberships VALUES (\(tenant), \(code), \(tenant * 10))")
            }
        }
        return database
    }

    /// The rows of a query as plain values.
    func rows(_ sql: SQL) async throws -> [[Value]] { try await query(sql).map(\.values) }
}

extension Inhabitant {
    static var table: String { "people" }
}
