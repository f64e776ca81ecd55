// Import legacy users
//
// Purpose: reads db/data/legacy_users.csv, the old shop's accounts, into users, user_profiles and user_preferences
// Created: 2024-01-02
// Run:     azu db:data:run import_legacy_users
// Test:    swift test --filter ImportLegacyUsersTests

import DataMigrations
import Foundation

/// A record of the old shop's export.
struct LegacyUser: Decodable {
    var id: Int64
    var email: String
    var fullName: String
    var passwordHash: String
    var createdAt: Date
    var bio: String?
    var location: String?
    var website: String?
    var emailNotifications: Bool
    var theme: String
}

struct ImportLegacyUsers: BatchMigration {
    var rows: CSVFile<LegacyUser> { CSVFile("db/data/legacy_users.csv", defaults: ["theme": "light"]) }

    /// The export is known to be poor: many bad records are no reason to stop, and each is listed at the end.
    var options: MigrationOptions { MigrationOptions(quarantineLimit: 50_000) }

    func process(_ legacy: [LegacyUser], _ batch: Batch) async throws {
        let users = try await batch.insert(legacy.map(NewUser.init(from:)), onConflict: .skip("legacy_id"))
        let imported = users.pairs(with: legacy)
        try await batch.insert(imported.map { UserProfile(userID: $0, from: $1) })
        try await batch.insert(imported.map { UserPreference(userID: $0, from: $1) })
    }
}

extension NewUser {
    fileprivate init(from legacy: LegacyUser) {
        self.init(
            name: legacy.fullName,
            email: legacy.email.lowercased().trimmingWhitespace(),
            passwordHash: legacy.passwordHash,
            createdAt: legacy.createdAt,
            confirmedAt: legacy.createdAt,
            legacyID: legacy.id
        )
    }
}

extension UserProfile {
    fileprivate init(userID: Int64, from legacy: LegacyUser) {
        self.init(userID: userID, bio: legacy.bio, location: legacy.location, website: legacy.website)
    }
}

extension UserPreference {
    fileprivate init(userID: Int64, from legacy: LegacyUser) {
        self.init(userID: userID, emailNotifications: legacy.emailNotifications, theme: legacy.theme)
    }
}
