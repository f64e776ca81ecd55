/// Rows of another table that belong to a model's rows.
///
/// Fetched for a whole batch with one query.
///
///     struct Post: Model {
///         static let author = belongsTo(User.self, foreignKey: "user_id")
///         static let comments = hasMany(Comment.self, foreignKey: "post_id")
///         static let tags = manyToMany(Tag.self, through: "post_tags", foreignKey: "post_id", relatedKey: "tag_id")
///     }
///
///     let comments = try await batch.fetch(Post.comments, of: posts)
///     for (post, comments) in zip(posts, comments) { … }
public struct Relation<Owner: Model, Related: Model>: Sendable {
    enum Kind: Sendable {
        /// The other table's `foreignKey` is our key.
        case hasMany(foreignKey: String)
        /// Our `foreignKey` is the other table's key.
        case belongsTo(foreignKey: String)
        /// A table between holds both keys.
        case manyToMany(through: String, foreignKey: String, relatedKey: String)
    }

    let kind: Kind
}

extension Model {
    /// The rows of another table that point at this one.
    public static func hasMany<R: Model>(_ related: R.Type, foreignKey: String) -> Relation<Self, R> {
        Relation(kind: .hasMany(foreignKey: foreignKey))
    }

    /// The row of another table that this one points at.
    public static func belongsTo<R: Model>(_ related: R.Type, foreignKey: String) -> Relation<Self, R> {
        Relation(kind: .belongsTo(foreignKey: foreignKey))
    }

    /// The rows of another table that a table between connects with this one.
    public static func manyToMany<R: Model>(
        _ related: R.Type,
        through table: String,
        foreignKey: String,
        relatedKey: String
    ) -> Relation<Self, R> {
        Relation(kind: .manyToMany(through: table, foreignKey: foreignKey, relatedKey: relatedKey))
    }
}
