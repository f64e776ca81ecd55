import DataMigrations
import Foundation

/// J3: reads the old accounts from a CSV file into three tables; records that are bad are left out, and listed.
struct ImportLegacyUsers: BatchMigration {
    /// A record of the file.
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

    struct User: Model {
        var email: String
        var name: String
        var passwordHash: String
        var createdAt: Date
        var confirmedAt: Date
        var legacyID: Int64
    }

    struct UserProfile: Model {
        static let primaryKey: [String] = []

        var userID: Int64
        var bio: String?
        var location: String?
        var website: String?
    }

    struct UserPreference: Model {
        static let primaryKey: [String] = []

        var userID: Int64
        var emailNotifications: Bool
        var theme: String
    }

    /// One record in two hundred is bad.
    var options: MigrationOptions {
        MigrationOptions(batchSize: PeerSettings.batchSize, quarantineLimit: 1_000_000, journal: PeerSettings.journal)
    }

    /// An address of nothing but blanks is trimmed to NULL, which is no address.
    var rows: CSVFile<LegacyUser> {
        CSVFile(
            PeerSettings.legacyUsers,
            defaults: ["theme": "light"],
            dates: .pattern("yyyy-MM-dd HH:mm:ss"),
            trim: true
        )
    }

    func process(_ legacy: [LegacyUser], _ batch: Batch) async throws {
        let now = Date.now
        let users = try await batch.insert(
            legacy.map { legacy in
                User(
                    email: legacy.email.lowercased(),
                    name: legacy.fullName,
                    passwordHash: legacy.passwordHash,
                    createdAt: legacy.createdAt,
                    confirmedAt: now,
                    legacyID: legacy.id
                )
            },
            onConflict: .skip("email")
        )
        for (index, id) in users.ids.enumerated() where id == nil {
            batch.quarantine(index, "another user has the same e-mail address")
        }

        let imported = users.pairs(with: legacy)
        try await batch.insert(
            imported.map { id, legacy in
                UserProfile(userID: id, bio: legacy.bio, location: legacy.location, website: legacy.website)
            }
        )
        try await batch.insert(
            imported.map { id, legacy in
                UserPreference(userID: id, emailNotifications: legacy.emailNotifications, theme: legacy.theme)
            }
        )
    }
}
