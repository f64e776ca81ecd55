import Database
import Foundation
import SQLiteDriver

/// A folder with a database and a `.env` file, gone at the end of a test.
final class Workspace {
    let folder: URL
    var database: URL { folder.appending(path: "test.sqlite") }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "azu-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write("DATABASE_URL=sqlite:test.sqlite\n", to: ".env")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: folder.appending(path: name)) }

    func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Outcome {
        try Program(arguments, in: folder, environment: environment).finish()
    }

    func connect() async throws -> SQLiteConnection {
        try await SQLiteConnection(path: database.path(percentEncoded: false))
    }

    /// What a query finds, in text.
    func texts(_ sql: SQL) async throws -> [[String?]] {
        let connection = try await connect()
        let rows = try await connection.query(sql).map { $0.values.map(\.text) }
        await connection.close()
        return rows
    }

    func number(_ sql: SQL) async throws -> Int { Int(try await texts(sql).first?.first.flatMap { $0 } ?? "") ?? -1 }

    /// Runs statements on the database.
    func execute(_ statements: SQL...) async throws {
        let connection = try await connect()
        for statement in statements { try await connection.execute(statement) }
        await connection.close()
    }

    /// Fills the tables that the fixture's migrations work on.
    func fill(_ rows: Int) async throws {
        let numbers: SQL =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))"
        try await execute(
            """
            CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, slug TEXT, marked INTEGER,
            writes INTEGER NOT NULL DEFAULT 0)
            """,
            "INSERT INTO users (id, name) \(numbers) SELECT i, 'user' FROM n",
            """
            CREATE TRIGGER counts AFTER UPDATE OF slug ON users
            BEGIN UPDATE users SET writes = writes + 1 WHERE id = new.id; END
            """,
            "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL)",
            "INSERT INTO posts \(numbers) SELECT i, 'post ' || i FROM n",
            "CREATE TABLE articles (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL, title TEXT NOT NULL)",
            "CREATE TABLE comments (id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL, body TEXT NOT NULL)",
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, total INTEGER NOT NULL)",
            "INSERT INTO orders \(numbers) SELECT i, i % 1003 FROM n",
            "CREATE TABLE archived_orders (original_id INTEGER NOT NULL, total INTEGER NOT NULL)",
            "CREATE TABLE people (id INTEGER PRIMARY KEY, legacy_id INTEGER NOT NULL, name TEXT NOT NULL)"
        )
        var csv = "id,name\n"
        for id in 1...rows { csv += "\(id),\"Person \(id), of \"\"here\"\"\"\n" }
        try write(csv, to: "people.csv")
    }
}
