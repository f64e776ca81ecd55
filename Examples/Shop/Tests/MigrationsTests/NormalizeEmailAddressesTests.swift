import DataMigrations
import DataMigrationsTesting
import Testing

@testable import Migrations

@Suite struct NormalizeEmailAddressesTests {
    @Test func keepsAddressesUniqueWithoutLosingAnAccount() async throws {
        let database = try await TestDatabase.shop()
        try await database.execute(
            """
            INSERT INTO users (id, name, email, created_at) VALUES
                (1, 'Ada', ' Ada@Example.com', '2020-01-01'),
                (2, 'Ada again', 'ADA@EXAMPLE.COM  ', '2020-01-01'),
                (3, 'Bob, later', 'BOB@example.com', '2020-01-01'),
                (4, 'Bob', 'bob@example.com', '2020-01-01'),
                (5, 'Eve', \("\teve@example.com"), '2020-01-01')
            """
        )

        let report = try await database.run(NormalizeEmailAddresses.self)

        #expect(report.status == .succeeded)
        #expect(report.counters.changed == 4)
        // Who has the tidy address keeps it; otherwise the first account gets it.
        let emails = try await User.all.order("id").pluck("email", as: String.self, in: database)
        #expect(
            emails == [
                "ada@example.com", "ada_2@example.com", "bob_3@example.com", "bob@example.com", "eve@example.com",
            ]
        )
    }

    @Test func keepsItsPromises() async throws {
        let database = try await TestDatabase.shop()
        // Two by two, they have the same address.
        try await database.insert(User.self, 8) { user, n in
            user.email = n.isMultiple(of: 2) ? " User\(n - 1)@Example.com" : "user\(n)@example.com "
        }

        try await database.expectIdempotent(NormalizeEmailAddresses.self)
        try await database.expectResumable(NormalizeEmailAddresses.self)
        try await database.expectReversible(NormalizeEmailAddresses.self)
        try await database.expectBatchSizeIndependent(NormalizeEmailAddresses.self)
        try await database.expectNoLostUpdate(NormalizeEmailAddresses.self)
    }
}
