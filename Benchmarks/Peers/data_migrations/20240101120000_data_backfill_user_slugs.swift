import DataMigrations

/// J1: fills the column `slug` where it is NULL or empty.
struct BackfillUserSlugs: RowMigration {
    struct User: Model {
        var id: Int64
        var name: String
        var slug: String?
    }

    var options: MigrationOptions {
        MigrationOptions(batchSize: PeerSettings.batchSize, journal: PeerSettings.journal)
    }

    var rows: Query<User> { User.where("slug IS NULL OR slug = ''") }

    func transform(_ user: inout User) {
        user.slug = "\(dashed(user.name))-\(user.id)"
    }

    /// The name in small letters, with one dash for each run of anything but ASCII's letters and digits.
    private func dashed(_ name: String) -> String {
        var slug: [UInt8] = []
        slug.reserveCapacity(name.utf8.count)
        for byte in name.utf8 {
            let lower = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
            if UInt8(ascii: "a")...UInt8(ascii: "z") ~= lower || UInt8(ascii: "0")...UInt8(ascii: "9") ~= lower {
                slug.append(lower)
            } else if slug.last != UInt8(ascii: "-") {
                slug.append(UInt8(ascii: "-"))
            }
        }
        return String(decoding: slug, as: UTF8.self)
    }
}
