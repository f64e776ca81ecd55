import DataMigrations

/// J4: writes e-mail addresses in small letters and without blanks around them.
struct NormalizeEmailAddresses: RowMigration {
    struct User: Model {
        var id: Int64
        var email: String
    }

    var options: MigrationOptions {
        MigrationOptions(batchSize: PeerSettings.batchSize, journal: PeerSettings.journal)
    }

    var rows: Query<User> { User.all }

    func transform(_ user: inout User) {
        user.email = user.email.lowercased().trimmingWhitespace()
    }

    /// Where somebody has the address already, the id goes before the `@`.
    func resolve(_ conflict: UniqueConflict, for user: inout User) {
        let at = user.email.firstIndex(of: "@") ?? user.email.endIndex
        user.email.insert(contentsOf: "_\(user.id)", at: at)
    }
}
