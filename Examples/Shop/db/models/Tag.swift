import DataMigrations

/// A word that posts and articles are found by.
struct Tag: Model {
    var id: Int64
    var name: String
}
