import DataMigrations
import Database
import TestSupport
import Testing

/// Values arrive as what they are, whatever is in them.
@Suite struct ParameterValueTests {
    @Test(
        arguments: Store.all,
        ["'; DROP TABLE items; --", "{range}", "$1 ? :a \\", "Ä\"ß`", ""]
    )
    func `a value is never a part of the SQL`(store: Store, value: String) async throws {
        try await store.with { connection in
            try await connection.makeItems(10)
            let entry = try entry(
                """
                -- azu:table items
                -- azu:param slug text
                -- azu:verify SELECT id FROM items WHERE slug <> {slug}
                UPDATE items SET slug = {slug} WHERE {range};
                """
            )
            let report = try await Runner(connection).migrate(entry, arguments: ["slug": value])
            #expect(report?.counters.changed == 10)
            #expect(try await connection.texts("SELECT DISTINCT slug FROM items") == [[value]])
        }
    }

    @Test(arguments: Store.all)
    func `each type can be stored, compared and computed with, and NULL, too`(store: Store) async throws {
        try await store.with { connection in
            try await connection.execute(
                """
                CREATE TABLE kinds (t text PRIMARY KEY, i integer, big bigint, r numeric(9,2), b boolean, d date,
                none timestamp, blank text, note text)
                """
            )
            let entry = try entry(
                """
                -- azu:param t text = abcdef
                -- azu:param i integer
                -- azu:param big integer
                -- azu:param r number
                -- azu:param b boolean = yes
                -- azu:param d date = 2024-01-31
                -- azu:param none date?
                -- azu:param blank text?
                INSERT INTO kinds (t, i, big, r, b, d, none, blank)
                VALUES ({t}, {i}, {big}, {r}, {b}, {d}, {none}, {blank});

                UPDATE kinds SET note = substr({t}, 1, {i})
                WHERE ({blank} IS NULL OR blank = {blank}) AND {none} IS NULL AND {t} IS NOT NULL
                AND i + {i} = 6 AND big > {i} AND d <= {d} AND {b} AND round(r * {r}, 2) < {big};
                """
            )
            let arguments = ["i": "3", "big": "5000000000", "r": "0.25"]
            let report = try await Runner(connection).migrate(entry, arguments: arguments)
            #expect(report?.counters.changed == 1)
            let found = try await connection.number(
                """
                SELECT count(*) FROM kinds WHERE t = 'abcdef' AND i = 3 AND big = 5000000000 AND r = 0.25 AND b
                AND none IS NULL AND blank IS NULL AND note = 'abc'
                """
            )
            #expect(found == 1)
        }
    }

    @Test(arguments: Store.all.filter { $0 == .postgres })
    func `text is compared with what it stands beside, and dates with columns of every type of times`(
        store: Store
    ) async throws {
        try await store.with { connection in
            try await connection.prepare([
                "CREATE TYPE state AS ENUM ('new', 'old')",
                "CREATE TABLE things (id uuid PRIMARY KEY, state state NOT NULL, a timestamp, b timestamptz, c date)",
                """
                INSERT INTO things SELECT CAST(md5(CAST(i AS text)) AS uuid), 'new', t, t, t
                FROM generate_series(1, 20) AS i, LATERAL (SELECT CAST('2024-01-01Z' AS timestamptz) + i * interval '1 day') AS x (t)
                """,
            ])
            let entry = try entry(
                """
                -- azu:table things
                -- azu:batch 3
                -- azu:param cutoff date
                -- azu:param state text
                -- azu:param but text
                -- azu:where a < {cutoff} AND b < {cutoff} AND c < {cutoff} AND id <> {but}
                UPDATE things SET state = {state}, a = {cutoff}, b = {cutoff}, c = {cutoff} WHERE {range};
                """
            )
            let report = try await Runner(connection).migrate(
                entry,
                // The first one's key.
                arguments: ["cutoff": "2024-01-11", "state": "old", "but": "c4ca4238-a0b9-2382-0dcc-509a6f75849b"]
            )
            #expect(report?.status == .succeeded)
            #expect(report?.counters.changed == 8)
            #expect(
                try await connection.number(
                    "SELECT count(*) FROM things WHERE state = 'old' AND a = '2024-01-11' AND b = '2024-01-11Z' AND c = '2024-01-11'"
                ) == 8
            )
        }
    }

    @Test(arguments: Store.all.filter { $0 == .sqlite })
    func `values leave room for the keys of a large batch`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(1)
            try await connection.execute(
                """
                WITH RECURSIVE c (x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM c WHERE x < 33000)
                INSERT INTO items SELECT x, 'Item', NULL, 0 FROM c
                """
            )
            let entry = try entry(
                """
                -- azu:table items
                -- azu:batch 40000
                -- azu:journal off
                -- azu:param mark text = x
                UPDATE items SET slug = {mark} WHERE {range};
                UPDATE items SET n = n + 1 WHERE {range} AND slug = {mark};
                """
            )
            let report = try await Runner(connection).migrate(entry)
            #expect(report?.status == .succeeded)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE n = 1 AND slug = 'x'") == 33_000)
        }
    }

    @Test(arguments: Store.all)
    func `what there is to know has the parameters, the tags, and the table`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(10)
            let entry = try entry(
                """
                -- azu:table items
                -- azu:tags slow, after-deploy
                -- azu:environments production
                -- azu:param mark text What they get.
                -- azu:where {now} IS NOT NULL
                UPDATE items SET slug = {mark} WHERE {range};
                """
            )
            let here = Runner(connection, environment: "development")
            let before = try await here.describe(entry)
            #expect(before.source == "items")
            #expect(before.kind == .batches)
            #expect(before.status.tags == ["after-deploy", "slow"])
            #expect(before.status.isSkipped)
            #expect(before.arguments.map(\.parameter.name) == ["mark"])
            #expect(before.arguments.first?.parameter.help == "What they get.")
            #expect(before.arguments.first?.value == nil)
            let refusal = await #expect(throws: MigrationError.self) {
                try await here.migrate(entry, arguments: ["mark": "x"])
            }
            #expect(refusal?.code == .environment)
            let there = Runner(connection, environment: "production")
            let report = try await there.migrate(entry, arguments: ["mark": "x"])
            #expect(report?.counters.changed == 10)
            let after = try await there.describe(entry)
            #expect(after.arguments.first?.value == "x")
            #expect(!after.status.isSkipped)
        }
    }
}
