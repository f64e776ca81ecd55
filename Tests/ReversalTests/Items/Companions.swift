import DataMigrations

// The tables beside `items`: two into which migrations insert, one that connects, and two that refer to items.

/// A row of a table with a numbered key and a unique text.
struct Copy: Model {
    static let table = "copies"
    static let tags = manyToMany(Tag.self, through: "copy_tags", foreignKey: "copy_id", relatedKey: "tag_id")
    var id: Int64?
    var source: String
    var note: String?
    var score: Double?
}

/// A row of a table whose key is a text.
struct Label: Model {
    static let primaryKey = ["name"]
    var name: String
    var uses: Int64
}

/// What copies are connected with.
struct Tag: Model {
    var id: Int64
}

/// A row that is deleted with its item.
struct Note: Model {
    var id: Int64
    var itemID: Int64?
    var body: String?
}
