import Database
import Testing

/// What the server does along with a write: triggers, and rows of other tables.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct FollowerTests {
    private func cascades(of table: String, in connection: any DatabaseConnection) async throws -> [String] {
        Set(try #require(try await connection.schema(of: table)).cascades.map(\.table)).sorted()
    }

    private func triggers(of table: String, in connection: any DatabaseConnection) async throws -> [String] {
        try #require(try await connection.schema(of: table)).triggers
    }

    /// `users`, of which a partition is divided again.
    private static let partitions: [SQL] = [
        "CREATE TABLE users (id bigint, region text, PRIMARY KEY (id, region)) PARTITION BY LIST (region)",
        "CREATE TABLE users_a PARTITION OF users FOR VALUES IN ('a')",
        "CREATE TABLE users_b PARTITION OF users FOR VALUES IN ('b', 'c') PARTITION BY LIST (region)",
        "CREATE TABLE users_b1 PARTITION OF users_b DEFAULT",
    ]

    private static let touch: SQL =
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN coalesce(new, old); END'"

    // MARK: Rows of other tables

    @Test func tablesGoByTheirPlainNames() async throws {
        let statements: [SQL] = [
            "CREATE TABLE users (id bigint PRIMARY KEY, boss bigint REFERENCES users ON DELETE SET DEFAULT)",
            "CREATE TABLE \"Two Words\" (a bigint REFERENCES users ON DELETE CASCADE)",
            """
            CREATE TABLE "order" (a bigint REFERENCES users ON DELETE SET NULL,
            b bigint REFERENCES users ON DELETE CASCADE)
            """,
            """
            CREATE TABLE plain (a bigint REFERENCES users ON DELETE RESTRICT,
            b bigint REFERENCES users ON UPDATE CASCADE)
            """,
        ]
        try await TestServer.withTables(statements) { connection in
            #expect(try await Set(cascades(of: "users", in: connection)) == ["users", "Two Words", "order"])
            try await #expect(cascades(of: "users", in: connection).count == 3)
            try await #expect(cascades(of: "plain", in: connection) == [])
            for name in try await cascades(of: "users", in: connection) {
                #expect(try await connection.schema(of: name) != nil, "\(name)")
            }
        }
    }

    @Test func aTableOfAnotherSchemaGoesByItsFullName() async throws {
        try await TestServer.withTables(["CREATE TABLE users (id bigint PRIMARY KEY)"]) { connection in
            let here = try await connection.schemaName()
            try await TestServer.withConnection { other in
                let there = try await other.schemaName()
                let users = "\(here).users"
                try await other.execute(
                    "CREATE TABLE orders (a bigint REFERENCES \(identifier: users) ON DELETE CASCADE)"
                )
                try await #expect(cascades(of: "users", in: connection) == ["\(there).orders"])
                try await #expect(cascades(of: users, in: other) == ["orders"])
                #expect(try await connection.schema(of: "\(there).orders")?.columns.map(\.name) == ["a"])
                try await other.execute("DROP TABLE orders")
            }
        }
    }

    @Test func referencesToAPartitionedTableAreThoseToItsPartitionsToo() async throws {
        let statements: [SQL] =
            Self.partitions + [
                """
                CREATE TABLE orders (id bigint, region text, user_id bigint, PRIMARY KEY (id, region),
                FOREIGN KEY (user_id, region) REFERENCES users ON DELETE CASCADE) PARTITION BY LIST (region)
                """,
                "CREATE TABLE orders_a PARTITION OF orders FOR VALUES IN ('a')",
                "CREATE TABLE orders_b PARTITION OF orders DEFAULT",
                """
                CREATE TABLE notes (user_id bigint, region text,
                FOREIGN KEY (user_id, region) REFERENCES users ON DELETE SET NULL)
                """,
                """
                CREATE TABLE plain (user_id bigint, region text,
                FOREIGN KEY (user_id, region) REFERENCES users)
                """,
                // To one partition alone.
                """
                CREATE TABLE audit (user_id bigint, region text,
                FOREIGN KEY (user_id, region) REFERENCES users_b1 ON DELETE CASCADE)
                """,
            ]
        try await TestServer.withTables(statements) { connection in
            try await #expect(cascades(of: "users", in: connection) == ["audit", "notes", "orders"])
            try await #expect(cascades(of: "users_a", in: connection) == ["notes", "orders"])
            try await #expect(cascades(of: "users_b", in: connection) == ["audit", "notes", "orders"])
            try await #expect(cascades(of: "users_b1", in: connection) == ["audit", "notes", "orders"])
            try await #expect(cascades(of: "orders", in: connection) == [])
            try await #expect(cascades(of: "orders_a", in: connection) == [])
        }
    }

    // MARK: Triggers

    @Test func triggersThatAreSwitchedOffAreNotListed() async throws {
        let statements: [SQL] = [
            Self.touch, "CREATE TABLE users (id bigint PRIMARY KEY, boss bigint REFERENCES users ON DELETE CASCADE)",
            "CREATE TRIGGER \"z it's\" AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION touch()",
            "CREATE TRIGGER always BEFORE UPDATE ON users FOR EACH STATEMENT EXECUTE FUNCTION touch()",
            "CREATE TRIGGER off BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION touch()",
            "CREATE TRIGGER replicas BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION touch()",
            "CREATE TRIGGER emptied BEFORE TRUNCATE ON users FOR EACH STATEMENT EXECUTE FUNCTION touch()",
            "ALTER TABLE users ENABLE ALWAYS TRIGGER always", "ALTER TABLE users DISABLE TRIGGER off",
            "ALTER TABLE users ENABLE REPLICA TRIGGER replicas",
            "CREATE CONSTRAINT TRIGGER later AFTER UPDATE ON users DEFERRABLE FOR EACH ROW EXECUTE FUNCTION touch()",
            "CREATE VIEW everybody AS SELECT id FROM users",
            "CREATE TRIGGER views INSTEAD OF DELETE ON everybody FOR EACH ROW EXECUTE FUNCTION touch()",
        ]
        try await TestServer.withTables(statements) { connection in
            try await #expect(triggers(of: "users", in: connection) == ["always", "later", "z it's"])
            try await #expect(triggers(of: "everybody", in: connection) == ["views"])
            try await connection.execute("ALTER TABLE users DISABLE TRIGGER USER")
            try await #expect(triggers(of: "users", in: connection) == [])
            try await connection.execute("ALTER TABLE users ENABLE TRIGGER off")
            try await #expect(triggers(of: "users", in: connection) == ["off"])
        }
    }

    @Test func triggersOfAPartitionedTableAreThoseOfItsPartitionsToo() async throws {
        let statements: [SQL] =
            Self.partitions + [
                Self.touch, "CREATE TRIGGER rows AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION touch()",
                "CREATE TRIGGER statements AFTER DELETE ON users FOR EACH STATEMENT EXECUTE FUNCTION touch()",
                "CREATE TRIGGER own AFTER INSERT ON users_b1 FOR EACH ROW EXECUTE FUNCTION touch()",
                // Which a write of the whole table does not meet.
                "CREATE TRIGGER alone AFTER INSERT ON users_b1 FOR EACH STATEMENT EXECUTE FUNCTION touch()",
                "CREATE TRIGGER off BEFORE INSERT ON users_a FOR EACH ROW EXECUTE FUNCTION touch()",
                "ALTER TABLE users_a DISABLE TRIGGER off",
            ]
        try await TestServer.withTables(statements) { connection in
            try await #expect(triggers(of: "users", in: connection) == ["own", "rows", "statements"])
            try await #expect(triggers(of: "users_a", in: connection) == ["rows"])
            try await #expect(triggers(of: "users_b1", in: connection) == ["alone", "own", "rows"])
        }
    }

    // MARK: Compression

    @Test func valuesOfAColumnAreStoredAsTheyAreOnceThatIsAskedFor() async throws {
        let statements: [SQL] = [
            "CREATE TABLE plain (id bigint PRIMARY KEY, \"a.b\" text, body bytea)",
            "CREATE TABLE parted (id bigint PRIMARY KEY, \"a.b\" text, body bytea) PARTITION BY HASH (id)",
            "CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        ]
        try await TestServer.withTables(statements) { connection in
            let fullName = try await connection.schemaName() + ".plain"
            for table in ["plain", "parted", fullName] {
                for column in ["a.b", "body"] {
                    let statement = try #require(connection.dialect.uncompressed(column, of: table))
                    try await connection.execute(statement)
                }
                let rows = [Value.integer(Int64(table.count)), .text(String(repeating: "a", count: 100_000)), .null]
                let columns = ["id", "a.b", "body"]
                try await connection.run([.insert(BulkInsert(into: table, columns: columns, values: rows))])
            }
            for table in ["plain", "parted", "parted_0"] {
                let storage = try await connection.texts(
                    """
                    SELECT attname, attstorage FROM pg_attribute WHERE attrelid = to_regclass(\(table))
                    AND attname IN ('a.b', 'body') ORDER BY attname
                    """
                )
                #expect(storage == [["a.b", "e"], ["body", "e"]], "\(table)")
                let size = try await connection.number("SELECT min(pg_column_size(\"a.b\")) FROM \(identifier: table)")
                #expect(size >= 100_000, "\(table)")
            }
        }
    }
}
