import DataMigrations
import Foundation

/// A text in the shop's magazine.
struct Article: Model {
    enum Status: String, Codable {
        case draft
        case live
        case archived
    }

    var title: String
    var content: String
    var authorID: Int64
    var status: Status
    var publishedAt: Date
    var legacyPostID: Int64?

    static let tags = manyToMany(Tag.self, through: "article_tags", foreignKey: "article_id", relatedKey: "tag_id")
}
