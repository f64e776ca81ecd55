import DataMigrations
import Database
import TestSupport
import Testing

/// Fills the slugs of the table `items`.
private let fill = """
    -- azu:table items
    -- azu:where slug IS NULL
    -- azu:batch 7
    -- azu:verify SELECT id FROM items WHERE slug IS NULL
    UPDATE items SET slug = 'slug of ' || name, n = n + 1 WHERE {range};
    """

@Suite struct RunTests {
    @Test(arguments: Store.all)
    func `rows that meet the condition are changed once, and no others`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(40)
            let report = try #require(try await connection.migrate(fill))
            #expect(report.status == .succeeded)
            #expect(report.counters.visited == 32)
            #expect(report.counters.changed == 32)
            #expect(
                try await connection.number("SELECT count(*) FROM items WHERE slug = 'slug of ' || name AND n = 1")
                    == 32
            )
            #expect(try await connection.number("SELECT count(*) FROM items WHERE slug = 'kept' AND n = 0") == 8)
            let again = try await connection.migrate(fill)
            #expect(again == nil)
        }
    }

    @Test(
        arguments: Store.all,
        [
            ("text", "'key ''' || %"), ("text COLLATE \"C\"", "chr(200 + %) || 'ä'"), ("varchar(40)", "'Ab' || %"),
            ("numeric(12,3)", "% / 8.0"), ("uuid", "md5('%')::uuid"),
            ("timestamptz", "now() + % * interval '1.000001 s'"),
            ("double precision", "% / 7.0"), ("date", "date '2024-01-01' + %"),
        ]
    )
    func `keys of any type are walked, each row once`(store: Store, key: (type: String, value: String)) async throws {
        guard store == .postgres || !["chr(", "::", "now()", "date '"].contains(where: key.value.contains) else {
            return
        }
        try await store.with { connection in
            try await connection.makeItems(40, keyType: key.type) { key.value.replacing("%", with: "\($0)") }
            let report = try await connection.migrate(fill)
            #expect(report?.counters.changed == 32)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE slug = 'kept' OR n = 1") == 40)
        }
    }

    @Test(arguments: Store.all)
    func `composite keys are walked, by ranges and by lists`(store: Store) async throws {
        try await store.with { connection in
            try await connection.prepare([
                "CREATE TABLE lines (shop text NOT NULL, number bigint NOT NULL, n bigint NOT NULL, PRIMARY KEY (shop, number))",
                "CREATE TABLE copies (shop text NOT NULL, number bigint NOT NULL, PRIMARY KEY (shop, number))",
            ])
            for shop in ["b", "a", "c''d"] {
                let rows = (1...15).map { "('\(shop)', \($0), 0)" }.joined(separator: ", ")
                try await connection.execute("INSERT INTO lines VALUES \(raw: rows)")
            }
            try await connection.migrate("-- azu:table lines\n-- azu:batch 4\nUPDATE lines SET n = n + 1 WHERE {range}")
            #expect(try await connection.number("SELECT count(*) FROM lines WHERE n = 1") == 45)
            let move = """
                -- azu:table lines
                -- azu:where number > 3
                -- azu:batch 4
                INSERT INTO copies SELECT shop, number FROM lines AS l WHERE {range:l};
                DELETE FROM lines WHERE {range};
                """
            let moved = try SQLFileMigration.entry(path: "db/data_migrations/20240102120000_data_move.sql", text: move)
            let report = try await Runner(connection).migrate(moved)
            #expect(report?.counters.inserted == 36)
            #expect(report?.counters.deleted == 36)
            #expect(try await connection.number("SELECT count(*) FROM lines") == 9)
            #expect(try await connection.number("SELECT count(*) FROM copies") == 36)
        }
    }

    @Test(arguments: Store.all)
    func `a key of the author's own is walked, and refused where it is none`(store: Store) async throws {
        try await store.with { connection in
            try await connection.prepare([
                "CREATE TABLE items (id bigint PRIMARY KEY, code text NOT NULL UNIQUE, slug text, n bigint NOT NULL)",
                "INSERT INTO items VALUES (1, 'c', NULL, 0), (2, 'a', NULL, 0), (3, 'b', NULL, 0)",
            ])
            let text = "-- azu:table items\n-- azu:batch 1\nUPDATE items SET n = n + 1 WHERE {range}\n"
            // What failed before its first batch may go on with another file, if it is told to.
            var runner = Runner(connection)
            runner.allowsChangedSource = true
            for (key, expected) in [("n", "rows may have the same values there"), ("none", "it has no column none")] {
                let entry = try entry("-- azu:key \(key)\n" + text)
                let problem = await #expect(throws: MigrationError.self) { try await runner.migrate(entry) }
                #expect(problem?.description.contains(expected) == true)
            }
            let report = try await runner.migrate(entry("-- azu:key code\n" + text))
            #expect(report?.counters.changed == 3)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE n = 1") == 3)
        }
    }

    @Test(arguments: Store.all)
    func `each statement of a body sees the same rows, whatever the first one did to them`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(40)
            try await connection.execute("CREATE TABLE seen (id bigint PRIMARY KEY, slug text)")
            let report = try await connection.migrate(
                """
                -- azu:table items
                -- azu:where {row}.slug IS NULL
                -- azu:batch 7
                UPDATE items AS i SET slug = 'x', n = n + 1 WHERE {range:i};
                INSERT INTO seen SELECT id, slug FROM items WHERE {range};
                """
            )
            #expect(report?.counters.changed == 32)
            #expect(report?.counters.inserted == 32)
            #expect(try await connection.number("SELECT count(*) FROM seen WHERE slug = 'x'") == 32)
        }
    }

    @Test(arguments: Store.all)
    func `a table without a key is walked where changed rows leave the condition`(store: Store) async throws {
        try await store.with { connection in
            try await connection.prepare([
                "CREATE TABLE log (name text, done bigint NOT NULL)",
                "INSERT INTO log VALUES ('a', 0), ('b', 0), ('c', 0), ('d', 1)",
            ])
            let report = try await connection.migrate(
                "-- azu:table log\n-- azu:where done = 0\n-- azu:batch 2\nUPDATE log SET done = done + 1 WHERE {range}"
            )
            #expect(report?.status == .succeeded)
            #expect(try await connection.texts("SELECT DISTINCT done FROM log") == [["1"]])
        }
    }

    @Test(arguments: Store.all)
    func `without a table, the statements run once, in one transaction`(store: Store) async throws {
        try await store.with { connection in
            try await connection.execute("CREATE TABLE roles (id bigint PRIMARY KEY, name text NOT NULL)")
            let report = try await connection.migrate(
                "INSERT INTO roles VALUES (1, 'a;b'), (2, 'c');\n-- then\nUPDATE roles SET name = name || '!' WHERE id = 2;"
            )
            #expect(report?.status == .succeeded)
            #expect(report?.counters.inserted == 2)
            #expect(report?.counters.changed == 1)
            #expect(try await connection.texts("SELECT name FROM roles ORDER BY id") == [["a;b"], ["c!"]])
        }
    }

    @Test(arguments: Store.all)
    func `a statement that fails leaves nothing, and says where it stands`(store: Store) async throws {
        try await store.with { connection in
            try await connection.execute("CREATE TABLE roles (id bigint PRIMARY KEY, name text NOT NULL)")
            let problem = await #expect(throws: MigrationError.self) {
                try await connection.migrate("INSERT INTO roles VALUES (1, 'a');\n\n  INSERT INTO rolls VALUES (1);")
            }
            #expect(problem?.description.contains("\(path):3:3: ") == true, "\(String(describing: problem))")
            #expect(try await connection.number("SELECT count(*) FROM roles") == 0)
        }
    }

    @Test(arguments: Store.all)
    func `a run fails if azu:verify finds a row, and shows it`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(10)
            let problem = await #expect(throws: MigrationError.self) {
                try await connection.migrate(
                    """
                    -- azu:table items
                    -- azu:verify SELECT id, name FROM items WHERE slug <> 'kept' OR id = 3 ORDER BY id
                    UPDATE items SET slug = 'kept' WHERE {range}
                    """
                )
            }
            #expect(problem?.code == .verification)
            #expect(problem?.rows == [#"{"id":3,"name":"Item 3"}"#])
            #expect(try await connection.number("SELECT count(*) FROM data_migrations") == 0)
        }
    }

    @Test(arguments: Store.all)
    func `rows that meet the condition again fail a later verification`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(10)
            let entry = try entry(
                "-- azu:table items\n-- azu:where slug IS NULL\nUPDATE items SET slug = 'x' WHERE {range}"
            )
            _ = try await Runner(connection).migrate(entry)
            let right = try await Runner(connection).verify(entry)
            #expect(right.isPassed)
            try await connection.execute("UPDATE items SET slug = NULL WHERE id = 4")
            let wrong = try await Runner(connection).verify(entry)
            #expect(wrong.failure?.description.contains("1 row of items meets the condition") == true)
            #expect(wrong.failure?.rows == [#"{"id":4,"n":0,"name":"Item 4","slug":null}"#])
        }
    }

    @Test(arguments: Store.all)
    func `the key along which rows are walked can't be changed`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(10)
            let problem = await #expect(throws: MigrationError.self) {
                try await connection.migrate(
                    "-- azu:table items\nUPDATE items SET n = 1, \"id\" = id + 100 WHERE {range}"
                )
            }
            #expect(problem?.description.contains("\(path):2:1: items is walked along id") == true)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE id <= 10 AND n = 0") == 10)
        }
    }

    @Test(arguments: Store.all)
    func `a run that is stopped behind every batch changes each row once`(store: Store) async throws {
        let text = "-- azu:table items\n-- azu:batch 7\nUPDATE items SET n = n + 1 WHERE {range}"
        try await store.with { connection in
            try await connection.makeItems(40)
            for round in 1...20 {
                let stopper = Stopper(after: 1)
                let report = try await Runner(connection, observer: stopper, stop: stopper.stop).migrate(entry(text))
                if report?.status == .succeeded { break }
                #expect(report?.status == .cancelled)
                #expect(round < 20)
            }
            #expect(try await connection.number("SELECT count(*) FROM items WHERE n = 1") == 40)
            #expect(try await connection.number("SELECT sum(visited) FROM data_migration_slices") == 40)
        }
    }

    @Test(arguments: Store.all.filter { $0 == .postgres })
    func `workers share the rows`(store: Store) async throws {
        try await store.with { connection in
            try await connection.makeItems(3_000)
            let report = try await connection.migrate(fill.replacing("azu:batch 7", with: "azu:batch 100"), workers: 2)
            #expect(report?.counters.changed == 2_400)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE slug = 'kept' OR n = 1") == 3_000)
        }
    }
}
