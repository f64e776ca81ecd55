import DataMigrationsTesting
import Database
import Testing

@testable import DataMigrations

/// Two tables are compared by sums of hashes.
@Suite struct SameTests {
    struct Post: Model {
        var id: Int64
        var title: String?
        var body: String?
    }

    struct Article: Model {
        var id: Int64
        var title: String?
        var body: String?
    }

    /// Tables with the same rows, in another order and with other keys.
    private func tables(_ rows: Int) async throws -> TestDatabase {
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, body TEXT)")
        try await database.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, body TEXT)")
        guard rows > 0 else { return database }
        try await database.execute(
            """
            INSERT INTO posts WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
            SELECT i, 'post ' || i, CASE WHEN i % 3 = 0 THEN NULL ELSE 'body ' || (i % 7) END FROM n
            """
        )
        try await database.execute("INSERT INTO articles SELECT 1000 - id, title, body FROM posts")
        return database
    }

    /// What is wrong, found by slices of a few rows.
    private func failure<A: Model, B: Model>(
        _ first: Query<A>,
        _ second: Query<B>,
        on columns: [String] = ["title", "body"],
        sliceRows: Int = 7,
        in database: TestDatabase
    ) async throws -> MigrationError? {
        let connection = database.connection
        do {
            let comparison = Comparison(
                first: try await HashedTable(first, on: columns, in: connection),
                second: try await HashedTable(second, on: columns, in: connection),
                connection: connection,
                log: nil,
                sliceRows: sliceRows
            )
            try await comparison.check()
            return nil
        } catch let error as MigrationError {
            return error
        }
    }

    @Test(arguments: [0, 1, 6, 7, 8, 14, 101]) func theSameRowsAreTheSameWhateverTheirKeys(rows: Int) async throws {
        let database = try await tables(rows)
        try await database.expect(same: Post.all, Article.all, on: ["title", "body"])
        #expect(try await failure(Post.all, Article.all, in: database) == nil)
    }

    @Test func aValueThatDiffersIsFoundAndBothRowsAreShown() async throws {
        let database = try await tables(101)
        try await database.execute("UPDATE articles SET body = '' WHERE title = 'post 33'")
        let error = try await failure(Post.all, Article.all, in: database)
        #expect(error?.code == .verification)
        #expect(error?.description == "posts and articles have 101 rows each, but differ in title, body")
        #expect(
            error?.rows == [
                #"only in posts: {"body":null,"id":33,"title":"post 33"}"#,
                #"only in articles: {"body":"","id":967,"title":"post 33"}"#,
            ]
        )
        #expect(try await failure(Post.all, Article.all, on: ["title"], in: database) == nil)
    }

    @Test func aRowThatIsMissingIsShown() async throws {
        let database = try await tables(101)
        try await database.execute("DELETE FROM articles WHERE title = 'post 2'")
        let error = try await failure(Post.all, Article.all, in: database)
        #expect(
            error?.description
                == "posts has 101 rows and articles 100, where they should be the same in title, body"
        )
        #expect(error?.rows == [#"only in posts: {"body":"body 2","id":2,"title":"post 2"}"#])
    }

    @Test func rowsThatOccurMoreOftenAreFound() async throws {
        let database = try await tables(0)
        try await database.execute("INSERT INTO posts VALUES (1, 'a', 'x'), (2, 'a', 'x'), (3, 'b', 'x')")
        try await database.execute("INSERT INTO articles VALUES (1, 'a', 'x'), (2, 'b', 'x'), (3, 'b', 'x')")
        let error = try await failure(Post.all, Article.all, in: database)
        #expect(error?.description.hasPrefix("posts and articles have 3 rows each") == true)
        #expect(
            error?.rows.map { String($0.prefix { $0 != ":" }) }
                == ["more often in posts", "more often in posts", "more often in articles", "more often in articles"]
        )
    }

    @Test func anEmptyTableIsNotTheSameAsOneWithRows() async throws {
        let database = try await tables(30)
        try await database.execute("DELETE FROM articles")
        let error = try await failure(Post.all, Article.all, in: database)
        #expect(error?.description.contains("posts has 30 rows and articles 0") == true)
        #expect(error?.rows.count == 20)
    }

    @Test func conditionsChooseWhatIsCompared() async throws {
        let database = try await tables(50)
        try await database.execute("DELETE FROM articles WHERE id < 990")
        #expect(try await failure(Post.all, Article.all, in: database) != nil)
        #expect(try await failure(Post.where("id <= \(10)"), Article.all, in: database) == nil)
    }

    @Test func rowsWithACompositeKeyAreCompared() async throws {
        struct Cell: Model {
            static let primaryKey = ["tenant", "number"]
            var tenant: String
            var number: Int64
            var value: String?
        }
        struct Copied: Model {
            static let table = "copies"
            static let primaryKey = ["number", "tenant"]
            var tenant: String
            var number: Int64
            var value: String?
        }
        let database = try await TestDatabase()
        for (table, rest) in [("cells", ") WITHOUT ROWID"), ("copies", ")")] {
            try await database.execute(
                """
                CREATE TABLE \(identifier: table) (tenant TEXT NOT NULL COLLATE NOCASE, number INTEGER NOT NULL,
                value TEXT, PRIMARY KEY (tenant, number)\(raw: rest)
                """
            )
        }
        try await database.execute(
            """
            INSERT INTO cells WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
            SELECT CASE i % 2 WHEN 0 THEN 'a' ELSE 'B' END || (i % 5), i, nullif(i % 4, 0) FROM n
            """
        )
        try await database.execute("INSERT INTO copies SELECT * FROM cells")
        let columns = ["tenant", "number", "value"]
        #expect(try await failure(Cell.all, Copied.all, on: columns, in: database) == nil)
        try await database.execute("UPDATE copies SET value = 'x' WHERE number = 52")
        let error = try await failure(Cell.all, Copied.all, on: columns, in: database)
        #expect(error?.rows.first == #"only in cells: {"number":52,"tenant":"a2","value":null}"#)
    }

    @Test(arguments: ["text TEXT", "id INTEGER, text TEXT", "id TEXT PRIMARY KEY, text TEXT"])
    func aTableWhoseKeyTellsNotAllRowsApartIsHashedAsAWhole(_ definition: String) async throws {
        struct Line: Model {
            var text: String
        }
        let database = try await tables(40)
        try await database.execute("CREATE TABLE lines (\(raw: definition))")
        try await database.execute("INSERT INTO lines (text) SELECT title FROM posts")
        struct Title: Model {
            static let table = "titles"
            var text: String
        }
        try await database.execute("CREATE TABLE titles (id INTEGER PRIMARY KEY, text TEXT)")
        try await database.execute("INSERT INTO titles (text) SELECT title FROM posts ORDER BY id DESC")
        #expect(try await failure(Title.all, Line.all, on: ["text"], in: database) == nil)
        try await database.execute("UPDATE lines SET text = 'x' WHERE text = 'post 5'")
        #expect(try await failure(Title.all, Line.all, on: ["text"], in: database)?.rows.count == 2)
    }

    @Test func whatDoesNotFitTheTableIsRefused() async throws {
        struct Ghost: Model {
            var id: Int64
        }
        let database = try await tables(3)
        let errors = [
            try await failure(Post.all, Article.all, on: ["nickname"], in: database),
            try await failure(Post.all, Article.all, on: [], in: database),
            try await failure(Post.all, Ghost.all, on: ["id"], in: database),
            try await failure(Post.all.limit(2), Article.all, in: database),
            try await failure(Post.all.order("id"), Article.all, in: database),
        ]
        #expect(errors.allSatisfy { $0?.code == .mismatch })
        #expect(errors[0]?.description == "the table posts has no column nickname to compare")
        #expect(errors[2]?.description.contains("ghosts") == true)
    }

    @Test func halvesOfHashesAddUpToTheHashes() async throws {
        let database = try await tables(101)
        let dialect = database.connection.dialect
        let hashes = try await database.query("SELECT \(dialect.rowHash(["title", "body"])) FROM posts")
            .map { $0[0].integer ?? 0 }
        #expect(hashes.contains { $0 < 0 } && hashes.contains { $0 > 0 })
        let table = try await HashedTable(Post.all, on: ["title", "body"], in: database.connection)
        let slice = try await database.query(table.slice(after: nil, rows: 200)).values(row: 0)
        var sum = HashSum()
        sum.add(rows: 101, low: slice[1].integer ?? 0, high: slice[2].integer ?? 0)
        #expect(sum.sum == hashes.reduce(0, &+))
        #expect(slice[0] == 101)
        #expect(slice[3] == 101)
    }

    @Test(arguments: [-1, .min, .max, 0, 1, -4_294_967_297] as [Int64]) func aHashComesBackFromItsHalves(hash: Int64) {
        var sum = HashSum()
        sum.add(rows: 1, low: hash & 0xFFFF_FFFF, high: hash >> 32)
        #expect(sum == HashSum(rows: 1, sum: hash))
    }
}
