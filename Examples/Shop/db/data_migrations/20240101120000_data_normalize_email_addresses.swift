// Normalize email addresses
//
// Purpose: brings the column email of the table users into one form: no capitals, no blanks around it
// Created: 2024-01-01
// Run:     azu db:data:run normalize_email_addresses
// Test:    swift test --filter NormalizeEmailAddressesTests

import DataMigrations

struct NormalizeEmailAddresses: RowMigration {
    var rows: Query<User> { User.all }

    func transform(_ user: inout User) {
        user.email = user.email.lowercased().trimmingWhitespace()
    }

    /// Where somebody has the address already, both accounts stay, and the later one gets a mark that support can find.
    func resolve(_ conflict: UniqueConflict, for user: inout User) {
        user.email = user.email.suffixed("_\(user.id)")
    }

    func verify(_ database: any DatabaseAccess) async throws {
        try await database.expect(none: User.where("email <> trim(lower(email))"))
    }
}
