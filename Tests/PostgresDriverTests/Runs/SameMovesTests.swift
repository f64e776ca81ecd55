import DataMigrations
import DataMigrationsTesting
import Database
import Testing

/// A batch migration leaves on PostgreSQL what it leaves on SQLite, for the same random rows.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct SameMovesTests {
    struct Post: Model {
        var id: Int64
        var title: String
        var body: String
    }

    struct Article: Model {
        var id: Int64?
        var postID: Int64
        var title: String
    }

    struct Comment: Model {
        var id: Int64?
        var articleID: Int64
        var word: String
    }

    /// Posts become articles, and their words comments.
    struct Move: BatchMigration {
        var batchSize = 100
        /// Whether an article that is there already is left as it is; otherwise, its post is put aside.
        var skips = false

        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }
        var rows: Query<Post> { Post.where("state = \("old")") }

        func process(_ posts: [Post], _ batch: Batch) async throws {
            let articles = try await batch.insert(
                posts.map { Article(postID: $0.id, title: $0.title) },
                onConflict: skips ? .skip("post_id") : .fail
            )
            let comments = articles.pairs(with: posts).flatMap { id, post in
                post.body.split(separator: " ").map { Comment(articleID: id, word: String($0)) }
            }
            try await batch.insert(comments)
            try await batch.deleteRows()
        }
    }

    /// What a run leaves.
    struct Outcome: Equatable {
        var status: RunState
        var counters: ChangeCounters
        var posts: [[String?]]
        var articles: [[String?]]
        var comments: [[String?]]
        var quarantine: [[String?]]
    }

    private static func fill(_ database: any DatabaseConnection) async throws {
        let key = database.dialect.generatedKeyDefinition
        let tables: [SQL] = [
            """
            CREATE TABLE posts (id BIGINT NOT NULL PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL,
            state TEXT NOT NULL)
            """,
            """
            CREATE TABLE articles (id \(raw: key), post_id BIGINT NOT NULL UNIQUE,
            title TEXT NOT NULL CHECK (length(title) < 30))
            """,
            "CREATE TABLE comments (id \(raw: key), article_id BIGINT NOT NULL, word TEXT NOT NULL)",
        ]
        for table in tables { try await database.execute(table) }
        var random = SplitMix(state: 7)
        var posts: [Value] = []
        var articles: [Value] = []
        for id in 1...900 {
            let isLong = Int.random(in: 0..<60, using: &random) == 0
            let title = isLong ? String(repeating: "long ", count: 8) : "żółw's \"title\" \(id)"
            let words = (0..<Int.random(in: 0..<5, using: &random)).map { "w\($0)-\(id)" }
            let isOld = Int.random(in: 0..<6, using: &random) > 0
            posts += [
                .integer(Int64(id)), .text(title), .text(words.joined(separator: " ")), .text(isOld ? "old" : "new"),
            ]
            let isThere = Int.random(in: 0..<50, using: &random) == 0
            if isThere { articles += [.integer(Int64(id)), "was there"] }
        }
        try await database.run([
            .insert(BulkInsert(into: "posts", columns: ["id", "title", "body", "state"], values: posts)),
            .insert(BulkInsert(into: "articles", columns: ["post_id", "title"], values: articles)),
        ])
    }

    private static func outcome(_ migration: Move, in database: any DatabaseConnection) async throws -> Outcome {
        try await fill(database)
        let report = try #require(try await Runner(database).migrate(entry(migration)))
        return Outcome(
            status: report.status,
            counters: report.counters,
            posts: try await database.texts("SELECT id, title, body, state FROM posts ORDER BY id"),
            articles: try await database.texts("SELECT post_id, title FROM articles ORDER BY post_id"),
            comments: try await database.texts(
                """
                SELECT a.post_id, c.word FROM comments c LEFT JOIN articles a ON a.id = c.article_id
                ORDER BY a.post_id, c.id
                """
            ),
            // Why a row was put aside, each database says in its own words.
            quarantine: try await database.texts("SELECT locator, original, status FROM data_migration_quarantine")
                .sorted { ($0[0] ?? "") < ($1[0] ?? "") }
        )
    }

    @Test(arguments: [30, 400], [false, true])
    func theRowsAreThoseThatSQLiteHas(batchSize: Int, skips: Bool) async throws {
        let migration = Move(batchSize: batchSize, skips: skips)
        let sqlite = try await TestDatabase()
        let expected = try await Self.outcome(migration, in: sqlite.connection)
        #expect(expected.status == .quarantined)
        #expect(expected.counters.skipped > 0 || !skips)
        try await TestServer.withConnection { postgres in
            let outcome = try await Self.outcome(migration, in: postgres)
            #expect(outcome.status == expected.status)
            #expect(outcome.counters == expected.counters)
            #expect(outcome.quarantine == expected.quarantine)
            #expect(outcome.posts == expected.posts)
            #expect(outcome.articles == expected.articles)
            #expect(outcome.comments == expected.comments)
        }
    }
}
