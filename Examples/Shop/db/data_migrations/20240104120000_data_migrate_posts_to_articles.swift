// Migrate posts to articles
//
// Purpose: copies the posts, with their comments and tags, into the tables of the magazine
// Created: 2024-01-04
// Run:     azu db:data:run migrate_posts_to_articles
// Test:    swift test --filter MigratePostsToArticlesTests

import DataMigrations
import Foundation

struct MigratePostsToArticles: BatchMigration {
    var rows: Query<Post> { Post.all }

    /// Posts that have an article already are skipped, and so are their comments and tags.
    func process(_ posts: [Post], _ batch: Batch) async throws {
        let articles = try await batch.insert(posts.map(Article.init(from:)), onConflict: .skip("legacy_post_id"))
        let migrated = articles.pairs(with: posts)

        let comments = try await batch.fetch(Post.comments, of: migrated.map(\.source))
        try await batch.insert(
            zip(migrated, comments).flatMap { article, comments in
                comments.map { Comment(articleID: article.id, from: $0) }
            }
        )

        let tags = try await batch.fetch(Post.tags, of: migrated.map(\.source))
        try await batch.add(tags, to: migrated.map(\.id), in: Article.tags)
    }
}

extension Article {
    fileprivate init(from post: Post) {
        self.init(
            title: post.title,
            content: post.body,
            authorID: post.userID,
            status: Status(ofPost: post.status),
            publishedAt: post.createdAt,
            legacyPostID: post.id
        )
    }
}

extension Article.Status {
    fileprivate init(ofPost status: String) {
        self =
            switch status {
            case "published": .live
            case "archived": .archived
            default: .draft
            }
    }
}

extension Comment {
    fileprivate init(articleID: Int64, from comment: PostComment) {
        self.init(
            articleID: articleID,
            userID: comment.userID,
            body: comment.body,
            createdAt: comment.createdAt
        )
    }
}
