import DataMigrations
import Database
import TestSupport
import Testing

/// Marks the items up to a number.
private let mark = """
    -- azu:table items
    -- azu:batch 7
    -- azu:param mark text
    -- azu:param most integer = 20 Items up to this number are marked.
    -- azu:where id <= {most} AND (slug IS NULL OR slug <> {mark})
    -- azu:verify SELECT id FROM items WHERE id <= {most} AND (slug IS NULL OR slug <> {mark})
    UPDATE items SET slug = {mark}, n = n + 1 WHERE {range};

    """

/// The values of a run are those it began with, whoever goes on with it.
@Suite struct ParameterRunTests {
    @Test(arguments: Store.all, ["on", "off"])
    func `rows are chosen, written and verified by the values that are given`(
        store: Store,
        journal: String
    ) async throws {
        try await store.with { connection in
            try await connection.prepare([
                "CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamp NOT NULL, state text NOT NULL)"
            ])
            for day in 10...29 {
                try await connection.execute(
                    "INSERT INTO orders VALUES (\(raw: "\(day), '2024-01-\(day) 00:00:00'"), 'new')"
                )
            }
            let before = try await connection.snapshot("orders")
            let entry = try entry(
                """
                -- azu:table orders
                -- azu:batch 3
                -- azu:journal \(journal)
                -- azu:param cutoff date
                -- azu:param state text = 'it''s old'
                -- azu:where created_at < {cutoff}
                -- azu:verify SELECT id FROM orders WHERE created_at < {cutoff} AND state <> {state}
                UPDATE orders AS o SET state = {state} WHERE {range:o} AND o.created_at < {cutoff};
                """
            )
            let report = try await Runner(connection).migrate(entry, arguments: ["cutoff": "2024-01-20"])
            #expect(report?.status == .succeeded)
            #expect(report?.counters.changed == 10)
            #expect(
                try await connection.number("SELECT count(*) FROM orders WHERE state = 'it''s old' AND id < 20") == 10
            )
            #expect(try await connection.number("SELECT count(*) FROM orders WHERE state = 'new'") == 10)
            guard journal == "on" else { return }
            let back = try await Runner(connection).rollback(entry)
            #expect(back.status == .rolledBack)
            let after = try await connection.snapshot("orders")
            #expect(after == before)
        }
    }

    @Test(arguments: Store.all)
    func `a missing value, a wrong one and an unknown name are errors before anything is written`(
        store: Store
    ) async throws {
        try await store.with { connection in
            try await connection.makeItems(10)
            let wrong: [[String: String]] = [[:], ["mark": "x", "most": "many"], ["mark": "x", "now": "2024-01-01"]]
            for arguments in wrong {
                let entry = try entry(mark + "SELECT {now} FROM items WHERE {range}")
                let problem = await #expect(throws: MigrationError.self) {
                    try await Runner(connection).migrate(entry, arguments: arguments)
                }
                #expect(problem?.code == .arguments)
                #expect(problem?.description.contains("many") == false)
            }
            #expect(try await connection.number("SELECT count(*) FROM items WHERE n > 0") == 0)
            let ledger = try await connection.schema(of: "data_migration_runs")
            let runs = ledger == nil ? 0 : try await connection.number("SELECT count(*) FROM data_migration_runs")
            #expect(runs == 0)
        }
    }

    @Test(arguments: Store.all)
    func `a run that is gone on with keeps its values, and the moment when it began`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(40)
            try await connection.execute("ALTER TABLE items ADD COLUMN seen timestamp")
            let text = """
                -- azu:table items
                -- azu:batch 7
                -- azu:param mark text
                -- azu:verify SELECT id FROM items WHERE seen <> {now} OR slug <> {mark}
                UPDATE items SET slug = {mark}, seen = {now}, n = n + 1 WHERE {range};
                """
            let stopper = Stopper(after: 2)
            let stopped = Runner(connection, observer: stopper, stop: stopper.stop)
            let first = try await stopped.migrate(entry(text), arguments: ["mark": "first"])
            #expect(first?.status == .cancelled)
            let problem = await #expect(throws: MigrationError.self) {
                try await Runner(connection).migrate(entry(text), arguments: ["mark": "other"])
            }
            #expect(problem?.code == .arguments)
            let report = try await Runner(connection).migrate(entry(text))
            #expect(report?.status == .succeeded)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE n = 1 AND slug = 'first'") == 40)
            #expect(try await connection.number("SELECT count(DISTINCT seen) FROM items") == 1)
            let arguments = try await connection.texts("SELECT arguments FROM data_migration_runs")
            #expect(arguments.first?[0]?.contains(#""now":{"instant":"#) == true, "\(arguments)")
            let verified = try await Runner(connection).verify(entry(text))
            #expect(verified.isPassed)
        }
    }

    @Test(arguments: Store.all)
    func `verification and the way back have the values of the run`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(40)
            let entry = try entry(
                mark + """
                    -- azu:down
                    -- azu:where slug = {mark}
                    UPDATE items SET slug = NULL, name = {mark} WHERE {range};
                    """
            )
            let report = try await Runner(connection).migrate(entry, arguments: ["mark": "it's odd"])
            #expect(report?.counters.changed == 20)
            let right = try await Runner(connection).verify(entry)
            #expect(right.isPassed)
            try await connection.execute("UPDATE items SET slug = 'other' WHERE id = 3")
            let wrong = try await Runner(connection).verify(entry)
            #expect(!wrong.isPassed)
            let plan = try await Runner(connection).rollbackPlan(of: entry)
            #expect(plan.usesDown)
            let back = try await Runner(connection).rollback(entry)
            #expect(back.status == .rolledBack)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE name = 'it''s odd'") == 19)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE slug = 'it''s odd'") == 0)
        }
    }

    @Test(arguments: Store.all)
    func `a run once more has values of its own`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(40)
            let entry = try entry(mark)
            _ = try await Runner(connection).migrate(entry, arguments: ["mark": "one"])
            let none = try await Runner(connection).migrate(entry, arguments: ["mark": "one"])
            #expect(none == nil)
            let report = try await Runner(connection).migrate(
                entry,
                again: true,
                arguments: ["mark": "two", "most": "5"]
            )
            #expect(report?.counters.changed == 5)
            #expect(
                try await connection.texts(
                    "SELECT slug, count(*) FROM items WHERE id <= 20 GROUP BY slug ORDER BY slug"
                )
                    == [["one", "15"], ["two", "5"]]
            )
        }
    }

    @Test(arguments: Store.all)
    func `bad rows are tried again with the values of the run`(store: Store) async throws {
        try await store.with { connection in
            try await connection.prepare([
                "CREATE TABLE limited (id bigint PRIMARY KEY, n bigint NOT NULL CHECK (n < 100))",
                "INSERT INTO limited VALUES (1, 1), (2, 99), (3, 3)",
            ])
            let entry = try entry(
                "-- azu:table limited\n-- azu:param step integer\nUPDATE limited SET n = n + {step} WHERE {range}"
            )
            let report = try await Runner(connection).migrate(entry, arguments: ["step": "5"])
            #expect(report?.status == .quarantined)
            try await connection.execute("UPDATE limited SET n = 50 WHERE id = 2")
            let retried = try await Runner(connection).retry(entry)
            #expect(retried.status == .succeeded)
            #expect(try await connection.texts("SELECT n FROM limited ORDER BY id") == [["6"], ["55"], ["8"]])
        }
    }

    @Test(arguments: Store.all)
    func `a preview has the values, and leaves nothing`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(40)
            let missing = try await Runner(connection).preview(entry(mark))
            #expect(missing.failure?.contains("needs a value for mark") == true)
            let preview = try await Runner(connection).preview(entry(mark), arguments: ["mark": "x", "most": "6"])
            #expect(preview.failure == nil)
            #expect(preview.counters.visited == 6)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE n > 0") == 0)
        }
    }

    @Test(arguments: Store.all.filter { $0 == .postgres })
    func `workers share the values`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(3_000)
            let entry = try entry(mark.replacing("azu:batch 7", with: "azu:batch 100"))
            let runner = Runner(connection, workers: 2)
            let report = try await runner.migrate(entry, arguments: ["mark": "x", "most": "2000"])
            #expect(report?.counters.changed == 2_000)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE slug = 'x' AND n = 1") == 2_000)
        }
    }
}
