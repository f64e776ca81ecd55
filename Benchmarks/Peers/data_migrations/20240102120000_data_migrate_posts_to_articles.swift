import DataMigrations
import Foundation

/// J2: copies posts, with their comments and tags; posts that have an article already are skipped.
struct MigratePostsToArticles: BatchMigration {
    struct Post: Model {
        var id: Int64
        var userID: Int64
        var title: String
        var body: String
        var status: String
        var createdAt: Date

        static let comments = hasMany(PostComment.self, foreignKey: "post_id")
        static let tags = hasMany(PostTag.self, foreignKey: "post_id")
    }

    struct PostComment: Model {
        var id: Int64
        var userID: Int64
        var body: String
        var createdAt: Date
    }

    struct PostTag: Model {
        /// Among the tags of one post.
        static let primaryKey = ["tag_id"]

        var tagID: Int64
    }

    struct Article: Model {
        var title: String
        var content: String
        var authorID: Int64
        var publishedAt: Date
        var status: String
        var legacyPostID: Int64
    }

    struct Comment: Model {
        /// Nobody asks for the ids of new comments.
        static let primaryKey: [String] = []

        var articleID: Int64
        var userID: Int64
        var content: String
        var createdAt: Date
    }

    struct ArticleTag: Model {
        static let primaryKey: [String] = []

        var articleID: Int64
        var tagID: Int64
    }

    var options: MigrationOptions {
        MigrationOptions(batchSize: PeerSettings.batchSize, journal: PeerSettings.journal)
    }

    var rows: Query<Post> { Post.all }

    func process(_ posts: [Post], _ batch: Batch) async throws {
        let articles = try await batch.insert(posts.map(article(from:)), onConflict: .skip("legacy_post_id"))
        let migrated = articles.pairs(with: posts)

        let comments = try await batch.fetch(Post.comments, of: migrated.map(\.source))
        try await batch.insert(
            zip(migrated, comments).flatMap { article, comments in
                comments.map { comment in
                    Comment(
                        articleID: article.id,
                        userID: comment.userID,
                        content: comment.body,
                        createdAt: comment.createdAt
                    )
                }
            }
        )

        let tags = try await batch.fetch(Post.tags, of: migrated.map(\.source))
        try await batch.insert(
            zip(migrated, tags).flatMap { article, tags in
                tags.map { ArticleTag(articleID: article.id, tagID: $0.tagID) }
            }
        )
    }

    private func article(from post: Post) -> Article {
        Article(
            title: post.title,
            content: post.body,
            authorID: post.userID,
            publishedAt: post.createdAt,
            status: status(ofPost: post.status),
            legacyPostID: post.id
        )
    }

    private func status(ofPost status: String) -> String {
        switch status {
        case "published": "live"
        case "archived": "archived"
        default: "draft"
        }
    }
}
