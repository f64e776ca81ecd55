// What the code of the README and of the guides speaks of: the models of a shop. script/snippets compiles it with each
// page.

import DataMigrations
import Foundation

struct User: Model {
    var id: Int64
    var name: String
    var email: String
    var slug: String?
}

struct NewUser: Model {
    static let table = "users"

    var name: String
    var email: String
    var createdAt: Date
    var legacyID: Int64?
}

struct UserProfile: Model {
    var userID: Int64
    var bio: String?
    var location: String?
}

struct Post: Model {
    var id: Int64
    var userID: Int64
    var title: String
    var body: String
    var createdAt: Date

    static let comments = hasMany(PostComment.self, foreignKey: "post_id")
    static let tags = manyToMany(Tag.self, through: "post_tags", foreignKey: "post_id", relatedKey: "tag_id")
}

struct PostComment: Model {
    var id: Int64
    var userID: Int64
    var body: String
}

struct Tag: Model {
    var id: Int64
    var name: String
}

struct Article: Model {
    var title: String
    var content: String
    var authorID: Int64
    var publishedAt: Date
    var legacyPostID: Int64?

    static let tags = manyToMany(Tag.self, through: "article_tags", foreignKey: "article_id", relatedKey: "tag_id")
}

struct Comment: Model {
    var articleID: Int64
    var userID: Int64
    var body: String
}

struct Order: Model {
    var id: Int64
    var customerID: Int64
    var total: Decimal
    var createdAt: Date

    static let items = hasMany(OrderItem.self, foreignKey: "order_id")
}

struct OrderItem: Model {
    var id: Int64
    var productID: Int64
    var quantity: Int
}

struct ArchivedOrder: Model {
    struct Item: Codable {
        var productID: Int64
        var quantity: Int
    }

    var originalID: Int64
    var customerID: Int64
    var total: Decimal
    var items: [Item]
    var createdAt: Date
}
