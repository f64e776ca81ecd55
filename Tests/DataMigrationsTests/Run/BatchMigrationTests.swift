import DataMigrations
import DataMigrationsTesting
import Foundation
import Testing

@Suite struct BatchMigrationTests {
    struct Order: Model {
        var id: Int64
        var total: Double
        var status: String
    }

    struct OrderItem: Model {
        var id: Int64
        var orderID: Int64
        var product: String
    }

    struct ArchivedOrder: Model {
        var id: Int64?
        var originalID: Int64
        var total: Double
        var items: [String]
    }

    struct Archive: BatchMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(50)) }
        var rows: Query<Order> { Order.where("status = 'old'") }

        func process(_ orders: [Order], _ batch: Batch) async throws {
            let items = try await batch.fetch(OrderItem.where("order_id IN \(orders.map(\.id))"))
            let byOrder = Dictionary(grouping: items, by: \.orderID)
            try await batch.insert(
                orders.map { order in
                    let products = byOrder[order.id, default: []].map(\.product)
                    return ArchivedOrder(originalID: order.id, total: order.total, items: products)
                }
            )
            try await batch.delete(items)
            try await batch.delete(orders)
        }
    }

    private func makeOrders(_ database: TestDatabase) async throws {
        try await database.execute(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL NOT NULL, status TEXT NOT NULL)"
        )
        try await database.execute(
            "CREATE TABLE order_items (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders, product TEXT)"
        )
        try await database.execute(
            """
            CREATE TABLE archived_orders (id INTEGER PRIMARY KEY, original_id INTEGER NOT NULL UNIQUE,
            total REAL NOT NULL CHECK (total >= 0), items TEXT NOT NULL)
            """
        )
        try await database.execute(
            """
            INSERT INTO orders WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
            SELECT i, i * 1.5, CASE WHEN i % 4 = 0 THEN 'new' ELSE 'old' END FROM n
            """
        )
        try await database.execute(
            "INSERT INTO order_items (order_id, product) SELECT id, 'p' || id FROM orders UNION ALL SELECT id, 'q' FROM orders"
        )
    }

    @Test func movedRowsLeaveOneTableAndArriveInTheOther() async throws {
        let database = try await TestDatabase()
        try await makeOrders(database)
        let report = try await database.run(Archive())
        #expect(report.status == .succeeded)
        #expect(report.counters.inserted == 300)
        #expect(report.counters.deleted == 900)
        #expect(try await database.number("SELECT count(*) FROM orders") == 100)
        #expect(try await database.number("SELECT count(*) FROM order_items") == 200)
        let archived = try await database.texts(
            "SELECT count(*), count(DISTINCT original_id), min(items) FROM archived_orders"
        )
        #expect(archived == [["300", "300", #"["p1","q"]"#]])
    }

    @Test func badRowsAreFoundAmongGoodOnesAndNothingOfThemIsLeft() async throws {
        let database = try await TestDatabase()
        try await makeOrders(database)
        try await database.execute("UPDATE orders SET total = -1 WHERE id IN (3, 77, 78, 399)")
        let report = try await database.run(Archive())
        #expect(report.status == .quarantined)
        #expect(report.openQuarantine == 4)
        #expect(report.counters.inserted == 296)
        let left = try await database.texts("SELECT id FROM orders WHERE status = 'old' ORDER BY id")
        #expect(left == [["3"], ["77"], ["78"], ["399"]])
        #expect(try await database.number("SELECT count(*) FROM order_items WHERE order_id IN (3, 77, 78, 399)") == 8)
        #expect(try await database.number("SELECT count(*) FROM archived_orders WHERE total < 0") == 0)
    }

    @Test func aDeferredForeignKeyIsTheRowsFaultNotTheBatchs() async throws {
        struct Child: Model {
            var id: Int64?
            var parent: Int64
        }
        struct Adopt: BatchMigration {
            var rows: Query<Order> { Order.all }
            func process(_ orders: [Order], _ batch: Batch) async throws {
                try await batch.insert(orders.map { Child(parent: $0.id == 5 ? 1_000 : $0.id) })
            }
        }
        let database = try await TestDatabase()
        try await makeOrders(database)
        try await database.execute(
            """
            CREATE TABLE childs (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES orders DEFERRABLE INITIALLY DEFERRED)
            """
        )
        let report = try await database.run(Adopt())
        #expect(report.openQuarantine == 1)
        #expect(try await database.texts("SELECT locator FROM data_migration_quarantine") == [["[5]"]])
        #expect(try await database.number("SELECT count(*) FROM childs") == 399)
    }

    @Test func aWrongStatementFailsTheRunInsteadOfBlamingRows() async throws {
        struct Wrong: BatchMigration {
            var rows: Query<Order> { Order.all }
            func process(_ orders: [Order], _ batch: Batch) async throws {
                try await batch.execute("UPDATE orders SET totall = 1")
            }
        }
        let database = try await TestDatabase()
        try await makeOrders(database)
        let error = await #expect(throws: MigrationError.self) { try await database.run(Wrong()) }
        #expect(error?.description == "wrong: no such column: totall")
        #expect(try await database.number("SELECT count(*) FROM data_migration_quarantine") == 0)
    }

    @Test func deleteRowsNeedsNoKeyInTheModel() async throws {
        struct Line: Model {
            static let table = "lines"
            var text: String
        }
        struct Purge: BatchMigration {
            var options: MigrationOptions { MigrationOptions(batchSize: .fixed(7)) }
            var rows: Query<Line> { Line.where("text LIKE 'old%'") }
            func process(_ lines: [Line], _ batch: Batch) async throws { try await batch.deleteRows() }
        }
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE lines (text TEXT)")
        try await database.execute(
            """
            INSERT INTO lines WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
            SELECT CASE WHEN i % 2 THEN 'old' ELSE 'new' END FROM n
            """
        )
        #expect(try await database.run(Purge()).counters.deleted == 50)
        #expect(try await database.texts("SELECT DISTINCT text FROM lines") == [["new"]])
    }
}
