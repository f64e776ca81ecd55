import DataMigrations

/// How users want the shop to be.
struct UserPreference: Model {
    var userID: Int64
    var emailNotifications: Bool
    var theme: String
}
