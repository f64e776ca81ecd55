import DataMigrations
import Foundation

/// What somebody says below a post.
struct PostComment: Model {
    var id: Int64
    var userID: Int64
    var body: String
    var createdAt: Date
}
