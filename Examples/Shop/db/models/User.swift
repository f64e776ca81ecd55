import DataMigrations

/// Somebody with an account.
struct User: Model {
    var id: Int64
    var name: String
    var email: String
    var slug: String?
}
