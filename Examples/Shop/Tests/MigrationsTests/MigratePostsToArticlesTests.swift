import DataMigrations
import DataMigrationsTesting
import Testing

@testable import Migrations

@Suite struct MigratePostsToArticlesTests {
    @Test func takesCommentsAndTagsAlong() async throws {
        let database = try await shopWithPosts()

        let report = try await database.run(MigratePostsToArticles.self)

        #expect(report.status == .succeeded)
        #expect(report.counters.skipped == 1)
        let articles = try await database.lines(
            "SELECT legacy_post_id, title, content, author_id, status, published_at FROM articles ORDER BY legacy_post_id"
        )
        #expect(
            articles == [
                "1 | What's new? | News | 1 | live | 2020-01-01 10:00:00",
                "2 | Edited | by hand | 1 | live | 2020-01-02",
                "3 | Junk | Buy! | 2 | draft | 2020-01-03 00:00:00",
            ]
        )
        let comments = try await database.lines(
            """
            SELECT legacy_post_id, comments.user_id, body, comments.created_at
            FROM comments JOIN articles ON articles.id = article_id ORDER BY comments.created_at
            """
        )
        #expect(comments == ["1 | 2 | First! | 2020-02-01 00:00:00", "1 | 1 | Thanks. | 2020-02-02 00:00:00"])
        let tags = try await database.lines(
            """
            SELECT legacy_post_id, name FROM article_tags JOIN articles ON articles.id = article_id
            JOIN tags ON tags.id = tag_id ORDER BY 1, 2
            """
        )
        #expect(tags == ["1 | news", "1 | shop", "3 | news"])
    }

    @Test func keepsItsPromises() async throws {
        let database = try await shopWithPosts()

        try await database.expectIdempotent(MigratePostsToArticles.self)
        try await database.expectResumable(MigratePostsToArticles.self)
        try await database.expectReversible(MigratePostsToArticles.self)
        try await database.expectBatchSizeIndependent(MigratePostsToArticles.self)
    }

    /// Three posts, the second of which was migrated by hand.
    private func shopWithPosts() async throws -> TestDatabase {
        let database = try await TestDatabase.shop()
        let statements: [SQL] = [
            """
            INSERT INTO users (id, name, email, created_at)
            VALUES (1, 'Ada', 'ada@example.com', '2019-01-01'), (2, 'Bob', 'bob@example.com', '2019-01-01')
            """,
            """
            INSERT INTO posts (id, user_id, title, body, status, created_at) VALUES
                (1, 1, 'What''s new?', 'News', 'published', '2020-01-01 10:00:00'),
                (2, 1, 'Old title', 'Old', 'archived', '2020-01-02'),
                (3, 2, 'Junk', 'Buy!', 'spam', '2020-01-03')
            """,
            """
            INSERT INTO post_comments (post_id, user_id, body, created_at) VALUES
                (1, 2, 'First!', '2020-02-01'), (1, 1, 'Thanks.', '2020-02-02'), (2, 1, 'Old', '2020-02-03')
            """,
            "INSERT INTO tags (id, name) VALUES (1, 'news'), (2, 'shop')",
            "INSERT INTO post_tags (post_id, tag_id) VALUES (1, 1), (1, 2), (2, 2), (3, 1)",
            """
            INSERT INTO articles (id, title, content, author_id, status, published_at, legacy_post_id)
            VALUES (70, 'Edited', 'by hand', 1, 'live', '2020-01-02', 2)
            """,
        ]
        for statement in statements { try await database.execute(statement) }
        return database
    }
}
