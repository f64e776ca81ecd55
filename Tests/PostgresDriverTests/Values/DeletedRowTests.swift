import Database
import Testing

/// Rows that a bulk delete hands out.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct DeletedRowTests {
    private func sorted(_ rows: Rows?) -> [[Value]] {
        (rows?.map(\.values) ?? []).sorted { ($0[0].integer ?? 0) < ($1[0].integer ?? 0) }
    }

    @Test func theyComeFromAllPartitions() async throws {
        let statements: [SQL] = [
            """
            CREATE TABLE visits (id bigint NOT NULL, region text NOT NULL, note text, PRIMARY KEY (region, id))
            PARTITION BY LIST (region)
            """,
            "CREATE TABLE visits_a PARTITION OF visits FOR VALUES IN ('a')",
            // Of another order of columns.
            "CREATE TABLE visits_b (note text, gone int, region text NOT NULL, id bigint NOT NULL)",
            "ALTER TABLE visits_b DROP COLUMN gone",
            "ALTER TABLE visits ATTACH PARTITION visits_b FOR VALUES IN ('b')",
            "CREATE TABLE visits_other PARTITION OF visits DEFAULT",
            """
            INSERT INTO visits SELECT i, chr(97 + i % 4), CASE WHEN i % 3 > 0 THEN 'note ' || i END
            FROM generate_series(1, 40) AS i
            """,
        ]
        try await TestServer.withTables(statements) { connection in
            let keys: [Value] = ["b", 1, "c", 2, "a", 4, "a", 5, "d", 3, "zzz", 1]
            let delete = BulkDelete(
                from: "visits",
                keyColumns: ["region", "id"],
                keys: keys,
                returning: ["id", "note", "region"]
            )
            let result = try await connection.run([Statement(.delete(delete), expectedChanges: 4)])[0]
            #expect(result.changes == 4)
            #expect(
                sorted(result.rows) == [
                    [1, "note 1", "b"], [2, "note 2", "c"], [3, .null, "d"], [4, "note 4", "a"],
                ]
            )
            #expect(try await connection.number("SELECT count(*) FROM visits") == 36)
        }
    }

    @Test func theirValuesAreThoseOfAQueryWhateverTheTypes() async throws {
        let statements: [SQL] = [
            "CREATE TYPE mood AS ENUM ('sad', 'ok')",
            """
            CREATE TABLE items (id bigint PRIMARY KEY, "we""ird" text[], "a.b" numeric(10, 2), c timestamptz, d jsonb,
            e bytea, f bool, g int4 GENERATED ALWAYS AS (id * 2) STORED, h float4, i uuid, j mood, k inet)
            """,
            """
            INSERT INTO items VALUES (1, '{a,NULL,"b c"}', 1.239, '2024-02-29 23:59:59.5Z', '{"a": 1}', '\\x00ff', true,
            DEFAULT, 0.1, 'e621e1f8-c36c-495a-93fc-0c247a3e6e5f', 'ok', '10.0.0.1/8')
            """,
            "INSERT INTO items (id) VALUES (2)",
        ]
        // Types that have a binary form; and others, because of which the result comes as text.
        for columns in [["id", "we\"ird", "a.b", "c", "d", "e", "f", "g", "h", "i"], ["id", "e", "j", "k", "xmin"]] {
            try await TestServer.withTables(statements) { connection in
                let list = columns.map { SQL(raw: "\"" + $0.replacing("\"", with: "\"\"") + "\"") }
                let before = try await connection.query(
                    "SELECT \(SQL.joined(list, separator: ", ")) FROM items WHERE id > \(0) ORDER BY id"
                )
                let delete = BulkDelete(from: "items", keyColumns: ["id"], keys: [2, 1], returning: columns)
                let rows = try await connection.run([.delete(delete)])[0].rows
                #expect(rows?.columns == columns)
                #expect(sorted(rows) == before.map(\.values))
            }
        }
    }

    @Test(arguments: [400, 3_000]) func aGuardCountsThemHoweverManyTheyAre(count: Int) async throws {
        let statements: [SQL] = [
            "CREATE TABLE items (id bigint PRIMARY KEY, name text)",
            "INSERT INTO items SELECT i, 'name ' || i FROM generate_series(1, \(raw: "\(count)")) AS i",
        ]
        try await TestServer.withTables(statements) { connection in
            let keys = (1...Int64(count)).map(Value.integer)
            let delete = BulkDelete(from: "items", keyColumns: ["id"], keys: keys, returning: ["id", "name"])
            for wrong in [count - 1, count + 1] {
                let error = await #expect(throws: DatabaseError.self) {
                    try await connection.run([
                        .begin, Statement(.delete(delete), expectedChanges: wrong),
                        .execute("CREATE TABLE behind (id bigint)"), .commit,
                    ])
                }
                #expect(error?.code == .guardFailed)
                #expect(error?.statement == 1)
                try await connection.run([.rollback])
                #expect(try await connection.schema(of: "behind") == nil)
                #expect(try await connection.number("SELECT count(*) FROM items") == count)
            }
            let statement = Statement(.delete(delete), expectedChanges: count)
            let results = try await connection.run([.begin, statement, .query("SELECT 1 FROM items"), .commit])
            #expect(results[1].changes == count)
            let rows: [[Value]] = (1...Int64(count)).map { [.integer($0), .text("name \($0)")] }
            #expect(sorted(results[1].rows) == rows)
            #expect(results[2].rows?.isEmpty == true)
        }
    }

    @Test func aRowThatATriggerKeepsIsNotAmongThem() async throws {
        let statements: [SQL] = [
            "CREATE TABLE items (id bigint PRIMARY KEY, name text)",
            "INSERT INTO items VALUES (1, 'a'), (2, 'kept'), (3, 'c')",
            """
            CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN IF old.name = ''kept'' THEN RETURN NULL; END IF; RETURN old; END'
            """,
            "CREATE TRIGGER keeps BEFORE DELETE ON items FOR EACH ROW EXECUTE FUNCTION keep()",
        ]
        try await TestServer.withTables(statements) { connection in
            let delete = BulkDelete(from: "items", keyColumns: ["id"], keys: [1, 2, 3], returning: ["id"])
            let result = try await connection.run([.delete(delete)])[0]
            #expect(result.changes == 2)
            #expect(sorted(result.rows) == [[1], [3]])
            #expect(try await connection.texts("SELECT id FROM items") == [["2"]])
        }
    }

    @Test(arguments: ["bigint", "text", "numeric"])
    func aColumnWhoseTypeOthersHaveChangedIsReadAsItIsByThen(type: String) async throws {
        try await TestServer.withSchema { url in
            let connection = try await TestServer.connect(url)
            let other = try await TestServer.connect(url)
            try await other.execute("CREATE TABLE items (id bigint PRIMARY KEY, amount int4)")
            try await other.execute("INSERT INTO items VALUES (1, 5), (2, 6)")
            for (id, amount) in [(Value.integer(1), "5"), (Value.integer(2), "6")] {
                let delete = BulkDelete(from: "items", keyColumns: ["id"], keys: [id], returning: ["amount"])
                let rows = try #require(try await connection.run([.delete(delete)])[0].rows)
                #expect(rows.map { $0[0].text } == [amount])
                try await other.execute("ALTER TABLE items ALTER COLUMN amount TYPE \(raw: type)")
            }
            await other.close()
            await connection.close()
        }
    }

    /// A statement that can't be sent fails in its place: those before it are in the pipeline then.
    @Test func whatStandsBeforeAStatementThatCannotBeSentIsDone() async throws {
        try await TestServer.withTables(["CREATE TABLE items (id bigint PRIMARY KEY)"]) { connection in
            // From now on the session knows the table.
            let known = BulkDelete(from: "items", keyColumns: ["id"], keys: [1], returning: ["id"])
            try await connection.run([.delete(known)])
            let wrong = BulkDelete(from: "items", keyColumns: ["nope"], keys: [1], returning: ["id"])
            let error = await #expect(throws: DatabaseError.self) {
                try await connection.run([
                    .begin, .execute("INSERT INTO items VALUES (1)"), .delete(wrong),
                    .execute("INSERT INTO items VALUES (2)"), .commit,
                ])
            }
            #expect(error?.code == .missingColumn)
            #expect(error?.statement == 2)
            try await connection.run([.commit])
            #expect(try await connection.texts("SELECT id FROM items") == [["1"]])
            // What fails before it has failed first.
            let first = await #expect(throws: DatabaseError.self) {
                try await connection.run([.begin, .execute("INSERT INTO items VALUES (1)"), .delete(wrong)])
            }
            #expect(first?.code == .uniqueViolation)
            #expect(first?.statement == 1)
            try await connection.run([.rollback])
        }
    }
}
