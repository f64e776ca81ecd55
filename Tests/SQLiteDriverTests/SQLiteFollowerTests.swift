import Database
import SQLiteDriver
import Testing

@Suite("What SQLite does along with a write")
struct SQLiteFollowerTests {
    let connection: SQLiteConnection

    init() async throws { connection = try await SQLiteConnection(path: nil) }

    private func schema(of table: String) async throws -> TableSchema {
        try #require(try await connection.schema(of: table))
    }

    @Test func triggersAreListedByName() async throws {
        try await connection.execute("CREATE TABLE Users (id INTEGER PRIMARY KEY)")
        try await connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY)")
        try await connection.execute("CREATE VIEW everybody AS SELECT id FROM Users")
        try await connection.execute("CREATE TRIGGER \"z it's\" AFTER INSERT ON users BEGIN SELECT 1; END")
        try await connection.execute("CREATE TRIGGER a BEFORE DELETE ON Users WHEN old.id > 5 BEGIN SELECT 1; END")
        try await connection.execute("CREATE TRIGGER other AFTER UPDATE ON orders BEGIN DELETE FROM users; END")
        try await connection.execute("CREATE TRIGGER view INSTEAD OF DELETE ON everybody BEGIN SELECT 1; END")
        #expect(try await schema(of: "users").triggers == ["a", "z it's"])
        #expect(try await schema(of: "USERS").triggers == ["a", "z it's"])
        #expect(try await schema(of: "orders").triggers == ["other"])
        #expect(try await schema(of: "everybody").triggers == ["view"])
        try await connection.execute("DROP TRIGGER a")
        #expect(try await schema(of: "Users").triggers == ["z it's"])
    }

    @Test func triggersOfAnAttachedDatabaseAreItsOwn() async throws {
        try await connection.execute("ATTACH ':memory:' AS shop")
        try await connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY)")
        try await connection.execute("CREATE TABLE shop.users (id INTEGER PRIMARY KEY)")
        try await connection.execute("CREATE TRIGGER shop.there AFTER INSERT ON users BEGIN SELECT 1; END")
        try await connection.execute("CREATE TRIGGER main.here AFTER INSERT ON users BEGIN SELECT 1; END")
        #expect(try await schema(of: "shop.users").triggers == ["there"])
        #expect(try await schema(of: "users").triggers == ["here"])
    }

    @Test func tablesThatCascadeAreListedWhateverTheCaseOfTheName() async throws {
        let statements: [SQL] = [
            "CREATE TABLE Users (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES users ON DELETE SET NULL)",
            "CREATE TABLE \"two words\" (user_id INTEGER REFERENCES USERS (id) ON DELETE CASCADE)",
            "CREATE TABLE bare (id TEXT PRIMARY KEY, user_id REFERENCES Users ON DELETE SET DEFAULT) WITHOUT ROWID",
            "CREATE TABLE plain (user_id INTEGER REFERENCES users)",
            "CREATE TABLE moves (user_id INTEGER REFERENCES users ON UPDATE CASCADE ON DELETE RESTRICT)",
            "CREATE TABLE others (plain_id INTEGER REFERENCES plain ON DELETE CASCADE)",
        ]
        for statement in statements { try await connection.execute(statement) }
        #expect(try await schema(of: "users").followers == ["Users", "bare", "two words"])
        #expect(try await schema(of: "plain").followers == ["others"])
        #expect(try await schema(of: "moves").followers == [])
    }

    @Test func tablesThatCascadeInAnAttachedDatabaseGoByTheirFullNames() async throws {
        try await connection.execute("ATTACH ':memory:' AS shop")
        for schema in ["main", "shop"] {
            try await connection.execute("CREATE TABLE \(identifier: schema).users (id INTEGER PRIMARY KEY)")
        }
        try await connection.execute("CREATE TABLE here (user_id REFERENCES users ON DELETE CASCADE)")
        try await connection.execute("CREATE TABLE shop.there (user_id REFERENCES users ON DELETE CASCADE)")
        #expect(try await schema(of: "shop.users").followers == ["shop.there"])
        #expect(try await schema(of: "main.users").followers == ["main.here"])
        #expect(try await schema(of: "users").followers == ["here"])
        let name = try await schema(of: "shop.users").cascades[0].table
        #expect(try await schema(of: name).columns.map(\.name) == ["user_id"])
    }
}

extension TableSchema {
    /// The names of the tables that follow.
    fileprivate var followers: [String] { Set(cascades.map(\.table)).sorted() }
}
