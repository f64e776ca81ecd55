import DataMigrations
import Foundation

/// What somebody says below an article.
struct Comment: Model {
    var articleID: Int64
    var userID: Int64
    var body: String
    var createdAt: Date
}
