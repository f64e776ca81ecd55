import Database

/// The posts, with three comments and two tags each.
///
/// One in twenty was migrated by hand, and edited since.
struct Posts {
    var count: Int
    var users: Int

    func insert(into database: any DatabaseConnection) async throws {
        let titles = #"["What's new?", "Größe zählt", "100 % wool", "Tea & \"cake\"", "Über uns", "日本の茶", "FAQ"]"#
        let statuses = #"["published", "published", "published", "draft", "archived", "pending", "spam"]"#
        try await database.run([
            .begin,
            .execute(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
                INSERT INTO tags (id, name) SELECT i, 'tag ' || i FROM n
                """
            ),
            .execute(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
                INSERT INTO posts (id, user_id, title, body, status, created_at)
                SELECT i, 1 + i * 7919 % \(users), json_extract(\(titles), '$[' || (i % 7) || ']') || ' ' || i,
                    'It''s a long story.' || char(10) || i, json_extract(\(statuses), '$[' || (i * 31 % 7) || ']'),
                    datetime(1420070400 + i * 7919 % 250000000, 'unixepoch')
                FROM n
                """
            ),
            .execute(
                """
                INSERT INTO post_comments (post_id, user_id, body, created_at)
                SELECT posts.id, 1 + (posts.id * 13 + k) * 7919 % \(users), 'Comment ' || k || ': "nice"',
                    datetime(posts.created_at, k || ' days')
                FROM posts, (SELECT 1 AS k UNION ALL SELECT 2 UNION ALL SELECT 3)
                """
            ),
            .execute(
                """
                INSERT INTO post_tags (post_id, tag_id)
                SELECT id, 1 + id % 200 FROM posts UNION ALL SELECT id, 1 + (id + 1 + id % 97) % 200 FROM posts
                """
            ),
            .execute(
                """
                INSERT INTO articles (title, content, author_id, status, published_at, legacy_post_id)
                SELECT title, 'Edited since: ' || body, user_id, 'live', created_at, id FROM posts WHERE id % 20 = 7
                """
            ),
            .commit,
        ])
    }
}
