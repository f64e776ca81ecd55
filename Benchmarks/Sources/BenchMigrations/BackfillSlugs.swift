import DataMigrations

/// Writes `UPDATE users SET slug = lower(replace(name, ' ', '-')) || '-' || id WHERE slug IS NULL`.
struct BackfillSlugs: RowMigration {
    struct User: Model {
        var id: Int64
        var name: String
        var email: String
        var slug: String?
    }

    var rows: Query<User> { User.where("slug IS NULL") }

    func transform(_ user: inout User) {
        user.slug = "\(user.name.lowercased().dashed)-\(user.id)"
    }
}

extension String {
    /// The string with dashes for its blanks.
    fileprivate var dashed: String {
        String(decoding: utf8.map { $0 == UInt8(ascii: " ") ? UInt8(ascii: "-") : $0 }, as: UTF8.self)
    }
}
