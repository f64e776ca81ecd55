import DataMigrations
import Database
import Testing

/// Keys of all types: a table is walked along them, and rows are written and deleted by them.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct KeyTests {
    /// A key, of one column or several, and the value of each of them for the row number `i`.
    struct Key: Sendable, CustomTestStringConvertible {
        var columns: String
        var values: String
        /// The columns in the order of the key.
        var primary = "a"
        /// A collation that not every server has.
        var collation: String?

        var testDescription: String { "\(columns), PRIMARY KEY (\(primary))" }
    }

    static let keys = [
        Key(columns: "a bigint", values: "i"),
        Key(columns: "a int", values: "i - 350"),
        Key(columns: "a smallint", values: "i * 40"),
        Key(columns: "a numeric(20, 3)", values: "i * 1.375"),
        Key(columns: "a float8", values: "i / CAST(7 AS float8)"),
        Key(columns: "a text", values: "chr(65 + i * 7 % 60) || ' \"'' ' || i"),
        Key(columns: "a varchar(40)", values: "md5(CAST(i AS text))"),
        Key(columns: "a char(8)", values: "lpad(CAST(i AS text), 8, '0')"),
        Key(columns: "a text COLLATE \"C\"", values: "chr(65 + i * 7 % 60) || i", collation: "C"),
        // Where the database sorts by code points, this column does not, and the other way round.
        Key(columns: "a text COLLATE \"und-x-icu\"", values: "chr(65 + i * 7 % 60) || i", collation: "und-x-icu"),
        Key(columns: "a uuid", values: "CAST(md5(CAST(i AS text)) AS uuid)"),
        Key(columns: "a date", values: "DATE '1999-12-01' + i"),
        Key(columns: "a timestamp", values: "TIMESTAMP '1999-12-01' + i * interval '1 hour 1 microsecond'"),
        Key(columns: "a timestamptz", values: "TIMESTAMPTZ '1999-12-01' + i * interval '1 hour 1 microsecond'"),
        Key(columns: "a bytea", values: "decode(md5(CAST(i AS text)), 'hex')"),
        Key(columns: "a inet", values: "inet '10.0.0.0' + i"),
        Key(columns: "a bigint, b text", values: "i % 9, 'b' || i", primary: "a, b"),
        Key(columns: "a text, b bigint", values: "chr(65 + i % 60), i", primary: "a, b"),
        Key(columns: "a text, b bigint", values: "chr(65 + i % 60), i", primary: "b, a"),
        Key(
            columns: "a uuid, b date",
            values: "CAST(md5(CAST(i % 5 AS text)) AS uuid), DATE '2000-01-01' + i",
            primary: "a, b"
        ),
    ]

    /// The model knows nothing of the key.
    struct Item: Model {
        var payload: Int64
        var done: Int64?
    }

    struct Twice: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(90)) }
        var rows: Query<Item> { Item.where("done IS NULL") }
        func transform(_ item: inout Item) { item.done = item.payload * 2 }
    }

    struct MoveEven: BatchMigration {
        struct Moved: Model {
            static let table = "moved"
            static let primaryKey = ["payload"]
            var payload: Int64
        }

        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(90)) }
        var rows: Query<Item> { Item.where("payload % 2 = 0") }

        func process(_ items: [Item], _ batch: Batch) async throws {
            try await batch.insert(items.map { Moved(payload: $0.payload) })
            try await batch.deleteRows()
        }
    }

    /// Whether the server has what the key needs.
    private func isPossible(_ key: Key, in connection: any DatabaseConnection) async throws -> Bool {
        guard let collation = key.collation else { return true }
        return try await !connection.query("SELECT 1 FROM pg_collation WHERE collname = \(collation)").isEmpty
    }

    @Test(arguments: keys) func eachRowIsChangedOnceAndMovedOnce(_ key: Key) async throws {
        try await TestServer.withConnection { connection in
            guard try await isPossible(key, in: connection) else { return }
            let statements: [SQL] = [
                """
                CREATE TABLE items (\(raw: key.columns), payload bigint NOT NULL, done bigint,
                writes bigint NOT NULL DEFAULT 0, PRIMARY KEY (\(raw: key.primary)))
                """,
                "INSERT INTO items SELECT \(raw: key.values), i FROM generate_series(1, 700) AS i ORDER BY i * 7919 % 701",
                "CREATE TABLE moved (payload bigint PRIMARY KEY)",
            ]
            for statement in statements { try await connection.execute(statement) }
            try await countWrites(of: "items", in: connection)

            let doubled = try await Runner(connection, workers: 2).migrate(entry(Twice(), version: "1"))
            #expect(doubled?.status == .succeeded)
            #expect(doubled?.counters.changed == 700)
            let wrong: SQL = "SELECT count(*) FROM items WHERE writes <> 1 OR done IS DISTINCT FROM payload * 2"
            #expect(try await connection.number(wrong) == 0)

            let moved = try await Runner(connection).migrate(entry(MoveEven(), version: "2"))
            #expect(moved?.status == .succeeded)
            #expect(moved?.counters.deleted == 350)
            #expect(try await connection.number("SELECT count(*) FROM moved WHERE payload % 2 = 0") == 350)
            #expect(try await connection.number("SELECT count(*) FROM items WHERE payload % 2 = 0") == 0)
            #expect(try await connection.number("SELECT count(*) FROM items") == 350)
        }
    }
}
