import DataMigrations
import DataMigrationsTesting
import Testing

/// A migration that moves rows, and does everything else that a batch can do.
@Suite("A preview of a batch migration") struct PreviewBatchTests {
    struct Order: Model {
        static let tags = manyToMany(Tag.self, through: "order_tags", foreignKey: "order_id", relatedKey: "tag_id")
        var id: Int64
        var customer: Int64
        var total: Double
        var status: String
    }

    struct Tag: Model {
        var id: Int64
        var name: String
    }

    struct Note: Model {
        var id: Int64
        var orderID: Int64
    }

    struct Customer: Model {
        var id: Int64
        var seen: Int
    }

    struct Archived: Model {
        static let table = "archive"
        var id: Int64?
        var originalID: Int64
        var total: Double
    }

    struct Sum: Model {
        static let primaryKey = ["customer"]
        var customer: Int64
        var last: Double
    }

    /// Inserts, upserts, updates, deletes, changes and deletes sets of rows, and connects rows.
    struct Everything: BatchMigration {
        var previews = Notebook<Bool>()
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(50)) }
        var rows: Query<Order> { Order.where("status = 'old'") }

        func process(_ orders: [Order], _ batch: Batch) async throws {
            previews.note(batch.isPreview)
            try await batch.insert(orders.map { Archived(originalID: $0.id, total: $0.total) })
            try await batch.insert(
                orders.map { Archived(originalID: $0.id, total: 0) },
                onConflict: .skip("original_id")
            )
            for order in orders {
                let sum = Sum(customer: order.customer, last: order.total)
                try await batch.insert([sum], onConflict: .update("customer"))
            }
            let even = orders.filter { $0.id % 2 == 0 }
            let odd = orders.filter { $0.id % 2 == 1 }
            var closed = even
            for index in closed.indices { closed[index].status = "closed" }
            try await batch.update(closed, columns: ["status"])
            try await batch.add([20, 21], to: even[0].id, in: Order.tags)
            try await Note.where("order_id IN \(odd.map(\.id))").deleteAll(in: batch)
            try await Customer.where("id IN \(Set(odd.map(\.customer))) AND seen = 0").updateAll("seen = 1", in: batch)
            try await batch.delete(odd)
        }
    }

    private func makeOrders(_ count: Int, in database: TestDatabase) async throws {
        let numbers: SQL = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))"
        let statements: [SQL] = [
            "CREATE TABLE customers (id INTEGER PRIMARY KEY, seen INTEGER NOT NULL DEFAULT 0)",
            "INSERT INTO customers (id) VALUES (0), (1), (2), (3), (4)",
            """
            CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customers,
            total REAL NOT NULL, status TEXT NOT NULL)
            """,
            """
            INSERT INTO orders \(numbers)
            SELECT i, i % 5, i * 1.5, CASE WHEN i % 10 < 8 THEN 'old' ELSE 'new' END FROM n
            """,
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL)",
            "INSERT INTO notes (order_id) SELECT id FROM orders WHERE id % 3 = 0",
            "CREATE TABLE archive (id INTEGER PRIMARY KEY, original_id INTEGER NOT NULL UNIQUE, total REAL NOT NULL)",
            "CREATE TABLE sums (customer INTEGER PRIMARY KEY, last REAL NOT NULL)",
            "INSERT INTO sums VALUES (3, -1)",
            "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
            "INSERT INTO tags VALUES (20, 'a'), (21, 'b')",
            """
            CREATE TABLE order_tags (order_id INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
            tag_id INTEGER NOT NULL REFERENCES tags, PRIMARY KEY (order_id, tag_id))
            """,
            "INSERT INTO order_tags SELECT id, 20 FROM orders WHERE id IN (1, 2, 3)",
        ]
        for statement in statements { try await database.execute(statement) }
    }

    @Test func countsWhatARunThenDoes() async throws {
        let database = try await TestDatabase()
        try await makeOrders(40, in: database)
        let preview = try await database.previewLeavingNothing(Everything())
        #expect(preview.failure == nil)
        #expect(preview.counters.visited == 32)
        #expect(preview.counters.skipped == 33)
        let report = try await database.run(Everything())
        #expect(report.status == .succeeded)
        #expect(report.counters == preview.counters)
    }

    @Test func showsTheRowsOfEachTableAsARunsJournalHasThem() async throws {
        let database = try await TestDatabase()
        try await makeOrders(40, in: database)
        let preview = try await database.previewLeavingNothing(Everything(), shownRows: 10_000)
        _ = try await database.runner().migrate(entry(Everything()))
        let plan = try await database.runner().rollbackPlan(of: entry(Everything()))
        var kinds: [String: Int] = [:]
        for table in plan.tables {
            if table.restored > 0 { kinds["\(table.name) changed"] = table.restored }
            if table.removed > 0 { kinds["\(table.name) inserted"] = table.removed }
            if table.reinserted > 0 { kinds["\(table.name) deleted"] = table.reinserted }
        }
        #expect(preview.shownKinds == kinds)
        #expect(preview.shownKinds["archive inserted"] == 32)
        #expect(preview.shownKinds["order_tags deleted"] == 2)
    }

    @Test func theRowsThatItShowsAreWhatARunLeaves() async throws {
        let database = try await TestDatabase()
        try await makeOrders(40, in: database)
        let preview = try await database.previewLeavingNothing(Everything(), shownRows: 10_000)
        try await database.run(Everything())
        // Of a customer with several orders, only the last sum stays.
        let wrong = try await database.notBorneOut(by: preview).filter { $0.table != "sums" }
        #expect(wrong.isEmpty)
        #expect(preview.rows.contains { $0.table == "orders" && $0.kind == .deleted && $0.fields.count == 4 })
    }

    @Test func aTableIsNotHiddenByAnother() async throws {
        let database = try await TestDatabase()
        try await makeOrders(40, in: database)
        let shown = try await database.previewLeavingNothing(Everything(), shownRows: 12).rows
        #expect(shown.count == 12)
        let tables = Set(shown.map(\.table))
        #expect(tables == ["archive", "sums", "orders", "order_tags", "notes", "customers"])
    }

    @Test func aBatchKnowsThatItIsAPreview() async throws {
        let database = try await TestDatabase()
        try await makeOrders(40, in: database)
        let migration = Everything()
        _ = try await database.previewLeavingNothing(migration)
        #expect(migration.previews.all == [true])
        try await database.run(migration)
        #expect(migration.previews.all == [true, false])
    }

    struct Child: Model {
        var id: Int64?
        var parent: Int64
    }

    /// Gives each order a child, and one of them a parent that is not there.
    struct Adopt: BatchMigration {
        var rows: Query<Order> { Order.all }
        func process(_ orders: [Order], _ batch: Batch) async throws {
            try await batch.insert(orders.map { Child(parent: $0.id == 5 ? 1_000 : $0.id) })
        }
    }

    @Test func aDeferredForeignKeyIsMetAndPutsTheRowAside() async throws {
        let database = try await TestDatabase()
        try await makeOrders(40, in: database)
        try await database.execute(
            """
            CREATE TABLE childs (id INTEGER PRIMARY KEY,
            parent INTEGER REFERENCES orders DEFERRABLE INITIALLY DEFERRED)
            """
        )
        let preview = try await database.previewLeavingNothing(Adopt(), shownRows: 100)
        #expect(preview.failure == nil)
        #expect(preview.counters.quarantined == 1)
        #expect(preview.quarantined.map(\.locator) == ["[5]"])
        #expect(preview.counters.inserted == 39)
        #expect(preview.rows.count == 39)
        let report = try await database.run(Adopt())
        #expect(report.counters == preview.counters)
        #expect(try await database.notBorneOut(by: preview).isEmpty)
    }

    /// Puts rows aside of which its own code finds that they are bad.
    struct Refuse: BatchMigration {
        var rows: Query<Order> { Order.all }
        func process(_ orders: [Order], _ batch: Batch) async throws {
            for (index, order) in orders.enumerated() where order.id % 13 == 0 { batch.quarantine(index, "unlucky") }
            try await batch.delete(orders.filter { $0.id % 13 != 0 && $0.status == "new" })
        }
    }

    @Test func rowsThatProcessPutsAsideAreListed() async throws {
        let database = try await TestDatabase()
        try await makeOrders(40, in: database)
        let preview = try await database.previewLeavingNothing(Refuse())
        #expect(preview.quarantined.map(\.locator) == ["[13]", "[26]", "[39]"])
        #expect(preview.quarantined.allSatisfy { $0.error == "unlucky" })
        #expect(try await database.run(Refuse()).counters == preview.counters)
    }
}
