import DataMigrations

/// What users tell about themselves.
struct UserProfile: Model {
    var userID: Int64
    var bio: String?
    var location: String?
    var website: String?
}
