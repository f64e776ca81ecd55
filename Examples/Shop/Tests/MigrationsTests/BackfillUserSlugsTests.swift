import DataMigrations
import DataMigrationsTesting
import Testing

@testable import Migrations

@Suite struct BackfillUserSlugsTests {
    @Test func fillsWhatIsEmptyAndLeavesTheRest() async throws {
        let database = try await TestDatabase.shop()
        try await database.execute(
            """
            INSERT INTO users (id, name, email, slug, created_at) VALUES
                (1, 'Zoë O''Brien, Jr.', 'zoe@example.com', NULL, '2020-01-01'),
                (2, '  ADA  Lovelace ', 'ada@example.com', '', '2020-01-01'),
                (3, 'Grace Hopper', 'grace@example.com', 'amazing-grace', '2020-01-01')
            """
        )

        let report = try await database.run(BackfillUserSlugs.self)

        #expect(report.status == .succeeded)
        #expect(report.counters.changed == 2)
        let slugs = try await User.all.order("id").pluck("slug", as: String.self, in: database)
        #expect(slugs == ["zoe-o-brien-jr-1", "ada-lovelace-2", "amazing-grace"])
    }

    @Test func keepsItsPromises() async throws {
        let database = try await TestDatabase.shop()
        try await database.insert(User.self, 10) { user, n in
            user.slug = n == 3 ? "amazing-grace" : nil
        }

        try await database.expectIdempotent(BackfillUserSlugs.self)
        try await database.expectResumable(BackfillUserSlugs.self)
        try await database.expectReversible(BackfillUserSlugs.self)
        try await database.expectBatchSizeIndependent(BackfillUserSlugs.self)
        try await database.expectNoLostUpdate(BackfillUserSlugs.self)
    }
}
