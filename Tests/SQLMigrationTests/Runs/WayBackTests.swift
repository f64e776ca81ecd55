import DataMigrations
import Database
import TestSupport
import Testing

@Suite struct WayBackTests {
    /// Items, customers that the items are of, and a table for copies.
    private func makeTables(_ connection: any DatabaseConnection) async throws {
        try await connection.makeItems(30)
        try await connection.prepare([
            "CREATE TABLE customers (id bigint PRIMARY KEY, items bigint, spent double precision)",
            "INSERT INTO customers VALUES (0, NULL, 0.5), (1, 5, 2), (2, NULL, NULL)",
            "CREATE TABLE copies (id bigint PRIMARY KEY, name text NOT NULL, rank double precision)",
            "INSERT INTO copies VALUES (7, 'was here', 1)",
        ])
    }

    private static let bodies = [
        "UPDATE items SET slug = upper(name), n = n + 1 WHERE {range}",
        "UPDATE items AS i SET (slug, n) = (SELECT 'x', 5) WHERE {range:i} AND i.id <> 4 RETURNING *",
        "DELETE FROM items WHERE {range} AND n = 0",
        "DELETE FROM items AS i WHERE {range:i} RETURNING i.id",
        "INSERT INTO copies SELECT id, name, id * 2 FROM items WHERE {range} ON CONFLICT (id) DO NOTHING",
        "INSERT INTO copies (id, name) SELECT id + 100, name FROM items WHERE {range}; DELETE FROM items WHERE {range}",
        """
        WITH sums AS (SELECT id % 3 AS customer, count(*) AS many FROM items WHERE {range} GROUP BY 1)
        UPDATE customers SET items = coalesce(items, 0) + sums.many, spent = 7 FROM sums WHERE sums.customer = customers.id
        """,
        "UPDATE customers SET spent = 6 WHERE id IN (SELECT id % 3 FROM items WHERE {range})",
        "DELETE FROM customers WHERE id IN (SELECT id FROM items WHERE {range})",
    ]

    @Test(arguments: Store.all, bodies)
    func `a rollback gives the same tables`(store: Store, body: String) async throws {
        try await store.with { connection in
            try await makeTables(connection)
            let before = try await connection.snapshot("items", "customers", "copies")
            let entry = try entry("-- azu:table items\n-- azu:batch 7\n\(body)")
            let report = try #require(try await Runner(connection).migrate(entry))
            #expect(report.status == .succeeded)
            #expect(report.counters.written > 0)
            let changed = try await connection.snapshot("items", "customers", "copies")
            #expect(changed != before)
            let back = try await Runner(connection).rollback(entry)
            #expect(back.status == .rolledBack)
            #expect(back.conflicts == 0)
            let after = try await connection.snapshot("items", "customers", "copies")
            #expect(after == before)
        }
    }

    @Test(arguments: Store.all)
    func `a run that stopped half-way is rolled back, too`(store: Store) async throws {
        try await store.with { connection in
            try await makeTables(connection)
            let before = try await connection.snapshot("items")
            let entry = try entry("-- azu:table items\n-- azu:batch 7\nUPDATE items SET n = n + 1 WHERE {range}")
            let stopper = Stopper(after: 2)
            let report = try await Runner(connection, observer: stopper, stop: stopper.stop).migrate(entry)
            #expect(report?.counters.changed == 14)
            _ = try await Runner(connection).rollback(entry)
            let after = try await connection.snapshot("items")
            #expect(after == before)
        }
    }

    @Test(arguments: Store.all)
    func `rows that are deleted along, and what triggers store, come back`(store: Store) async throws {
        try await store.with { connection in
            try await makeTables(connection)
            try await connection.prepare([
                "CREATE TABLE parts (id bigint PRIMARY KEY, item_id bigint NOT NULL REFERENCES items ON DELETE CASCADE)",
                "INSERT INTO parts SELECT id * 2, id FROM items",
            ])
            if connection.isSQLite { try await connection.execute("PRAGMA foreign_keys = ON") }
            let before = try await connection.snapshot("items", "parts")
            let entry = try entry("-- azu:table items\n-- azu:batch 7\nDELETE FROM items WHERE {range} AND id > 3")
            let report = try await Runner(connection).migrate(entry)
            #expect(report?.counters.deleted == 27)
            #expect(try await connection.number("SELECT count(*) FROM parts") == 3)
            _ = try await Runner(connection).rollback(entry)
            let after = try await connection.snapshot("items", "parts")
            #expect(after == before)
        }
    }

    @Test(arguments: Store.all)
    func `without a table, what the statements did is taken back`(store: Store) async throws {
        try await store.with { connection in
            try await makeTables(connection)
            let before = try await connection.snapshot("items", "copies")
            let entry = try entry(
                "INSERT INTO copies VALUES (1, 'new', 3.5); UPDATE items SET n = 9 WHERE id < 5; DELETE FROM items WHERE id = 30"
            )
            _ = try await Runner(connection).migrate(entry)
            let changed = try await connection.snapshot("items", "copies")
            #expect(changed != before)
            _ = try await Runner(connection).rollback(entry)
            let after = try await connection.snapshot("items", "copies")
            #expect(after == before)
        }
    }

    @Test(arguments: Store.all)
    func `what no journal can take back is refused, and told beforehand`(store: Store) async throws {
        try await store.with { connection in
            try await makeTables(connection)
            let entry = try entry(
                """
                -- azu:table items
                INSERT INTO copies (id, name) SELECT id, name FROM items WHERE {range} ON CONFLICT (id) DO UPDATE SET name = 'x'
                """
            )
            let preview = try await Runner(connection).preview(entry)
            #expect(
                preview.notes.contains { $0.hasPrefix("not in the journal, so no rollback takes it back: INSERT INTO") }
            )
            _ = try await Runner(connection).migrate(entry)
            let problem = await #expect(throws: MigrationError.self) { try await Runner(connection).rollback(entry) }
            #expect(problem?.code == .irreversible)
        }
    }

    @Test(arguments: Store.all)
    func `azu:journal off keeps none`(store: Store) async throws {
        try await store.with { connection in
            try await makeTables(connection)
            let entry = try entry("-- azu:table items\n-- azu:journal off\nUPDATE items SET n = n + 1 WHERE {range}")
            let report = try await Runner(connection).migrate(entry)
            #expect(report?.counters.changed == 30)
            #expect(try await connection.number("SELECT count(*) FROM data_migration_journal") == 0)
            let problem = await #expect(throws: MigrationError.self) { try await Runner(connection).rollback(entry) }
            #expect(problem?.code == .irreversible)
        }
    }

    @Test(arguments: Store.all)
    func `what stands behind azu:down is the way back`(store: Store) async throws {
        try await store.with { connection in
            try await makeTables(connection)
            let before = try await connection.snapshot("items")
            let entry = try entry(
                """
                -- azu:table items
                -- azu:batch 7
                -- azu:journal off
                -- azu:where slug IS NULL
                UPDATE items SET slug = 'x' WHERE {range};
                -- azu:down
                -- azu:where slug = 'x'
                UPDATE items SET slug = NULL WHERE {range};
                """
            )
            _ = try await Runner(connection).migrate(entry)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE slug = 'x'") == 24)
            let plan = try await Runner(connection).rollbackPlan(of: entry)
            #expect(plan.conflictCount == 0)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE slug = 'x'") == 24)
            let back = try await Runner(connection).rollback(entry)
            #expect(back.status == .rolledBack)
            let after = try await connection.snapshot("items")
            #expect(after == before)
        }
    }

    @Test(arguments: Store.all)
    func `a preview shows what would be done, and leaves nothing`(store: Store) async throws {
        try await store.with { connection in
            try await makeTables(connection)
            let before = try await connection.snapshot("items", "copies")
            for body in ["UPDATE items SET n = n + 1 WHERE {range}", "DELETE FROM items WHERE {range}"] {
                let entry = try entry("-- azu:table items\n-- azu:where slug IS NULL\n\(body)")
                let preview = try await Runner(connection).preview(entry)
                #expect(preview.failure == nil)
                #expect(preview.hasWork)
                #expect(preview.counters.visited == 24)
                #expect(preview.counters.written == 24)
                #expect(preview.rows.count == 10)
                #expect(preview.sources.first?.rows == 24)
            }
            let after = try await connection.snapshot("items", "copies")
            #expect(after == before)
            let ledger = try await connection.schema(of: "data_migration_runs")
            #expect(ledger == nil)
        }
    }
}
