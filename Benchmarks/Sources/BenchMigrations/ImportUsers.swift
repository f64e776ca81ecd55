import DataMigrations
import Foundation

/// A CSV file into a table: e-mail addresses in lower case, an empty theme is `light`.
struct ImportUsers: BatchMigration {
    struct LegacyUser: Decodable, Sendable {
        var id: Int64
        var email: String
        var fullName: String
        var createdAt: String
        var emailNotifications: Bool
        var theme: String?
    }

    struct Member: Model {
        var legacyID: Int64
        var email: String
        var name: String
        var createdAt: String
        var emailNotifications: Bool
        var theme: String
    }

    var rows: CSVFile<LegacyUser> { CSVFile("legacy_users.csv") }

    func process(_ rows: [LegacyUser], _ batch: Batch) async throws {
        try await batch.insert(
            rows.map { row in
                Member(
                    legacyID: row.id,
                    email: row.email.lowercased(),
                    name: row.fullName,
                    createdAt: row.createdAt,
                    emailNotifications: row.emailNotifications,
                    theme: row.theme ?? "light"
                )
            }
        )
    }
}
