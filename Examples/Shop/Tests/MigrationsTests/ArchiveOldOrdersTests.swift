import DataMigrations
import DataMigrationsTesting
import Foundation
import Testing

@testable import Migrations

@Suite struct ArchiveOldOrdersTests {
    /// A shop with three orders, of which two are old.
    private func shopWithOrders() async throws -> TestDatabase {
        let database = try await TestDatabase.shop()
        let statements: [SQL] = [
            "INSERT INTO users (id, name, email, created_at) VALUES (1, 'Ada', 'ada@example.com', '2019-01-01')",
            """
            INSERT INTO orders (id, customer_id, total, status, created_at) VALUES
                (10, 1, 25.4, 'paid', '2001-02-03 04:05:06'),
                (11, 1, 9.99, 'paid', \(Date.now)),
                (12, 1, 0, 'cancelled', '2001-02-03')
            """,
            """
            INSERT INTO order_items (order_id, product_id, quantity, price)
            VALUES (10, 5, 2, 12.1), (10, 6, 1, 1.2), (11, 5, 1, 9.99)
            """,
        ]
        for statement in statements { try await database.execute(statement) }
        return database
    }

    @Test func movesOldOrdersWithTheirItems() async throws {
        let database = try await shopWithOrders()

        let report = try await database.run(ArchiveOldOrders.self)

        #expect(report.status == .succeeded)
        #expect(report.counters.visited == 2)
        let archived = try await database.lines(
            "SELECT original_id, customer_id, total, status, items, created_at FROM archived_orders ORDER BY original_id"
        )
        let items = #"[{"price":12.1,"product_id":5,"quantity":2},{"price":1.2,"product_id":6,"quantity":1}]"#
        #expect(
            archived == [
                "10 | 1 | 25.4 | paid | \(items) | 2001-02-03 04:05:06",
                "12 | 1 | 0 | cancelled | [] | 2001-02-03 00:00:00",
            ]
        )
        #expect(try await database.lines("SELECT id FROM orders") == ["11"])
        #expect(try await database.lines("SELECT order_id FROM order_items") == ["11"])
    }

    @Test func keepsItsPromises() async throws {
        let database = try await shopWithOrders()
        // It is the time of the run.
        let ignored = ["archived_orders.archived_at"]

        try await database.expectIdempotent(ArchiveOldOrders.self, ignoring: ignored)
        try await database.expectResumable(ArchiveOldOrders.self, ignoring: ignored)
        try await database.expectReversible(ArchiveOldOrders.self)
        try await database.expectBatchSizeIndependent(ArchiveOldOrders.self, ignoring: ignored)
        try await database.expectNoLostUpdate(ArchiveOldOrders.self, ignoring: ignored)
    }
}
