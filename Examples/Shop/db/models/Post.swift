import DataMigrations
import Foundation

/// An entry of the blog that the articles replace.
struct Post: Model {
    var id: Int64
    var userID: Int64
    var title: String
    var body: String
    var status: String
    var createdAt: Date

    static let comments = hasMany(PostComment.self, foreignKey: "post_id")
    static let tags = manyToMany(Tag.self, through: "post_tags", foreignKey: "post_id", relatedKey: "tag_id")
}
