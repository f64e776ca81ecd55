// Backfill user slugs
//
// Purpose: fills the column slug of the table users where it is NULL or empty
// Created: 2024-01-03
// Run:     azu db:data:run backfill_user_slugs
// Test:    swift test --filter BackfillUserSlugsTests

import DataMigrations

struct BackfillUserSlugs: RowMigration {
    var rows: Query<User> { User.where("slug IS NULL OR slug = ''") }

    func transform(_ user: inout User) {
        user.slug = "\(slugify(user.name))-\(user.id)"
    }
}
