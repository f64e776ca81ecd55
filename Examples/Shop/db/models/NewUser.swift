import DataMigrations
import Foundation

/// An account that is about to be made: the database gives it its id.
struct NewUser: Model {
    static let table = "users"

    var name: String
    var email: String
    var passwordHash: String
    var createdAt: Date
    var confirmedAt: Date?
    var legacyID: Int64?
}
