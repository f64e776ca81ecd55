import Database

/// The orders of the last 1 217 days, three items each on the average; four in ten are older than two years.
struct Orders {
    var count: Int
    var users: Int

    func insert(into database: any DatabaseConnection) async throws {
        let statuses = #"["paid", "shipped", "refunded", "cancelled"]"#
        try await database.run([
            .begin,
            .execute(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
                INSERT INTO orders (id, customer_id, total, status, created_at)
                SELECT i, 1 + i * 7919 % \(users), 0, json_extract(\(statuses), '$[' || (i % 4) || ']'),
                    datetime('now', 'start of day', -(i * 7919 % 1217) || ' days', (i * 104729 % 86400) || ' seconds')
                FROM n
                """
            ),
            .execute(
                """
                INSERT INTO order_items (order_id, product_id, quantity, price)
                SELECT id, 1 + (id * 31 + k) * 7919 % 20000, 1 + (id + k) % 4, (99 + (id * 7 + k) * 7919 % 50000) / 100.0
                FROM orders, (SELECT 1 AS k UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5)
                WHERE k <= 1 + id % 5
                """
            ),
            .execute(
                """
                UPDATE orders SET total =
                    (SELECT round(sum(quantity * price), 2) FROM order_items WHERE order_id = orders.id)
                """
            ),
            .commit,
        ])
    }
}
