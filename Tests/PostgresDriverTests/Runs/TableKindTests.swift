import DataMigrations
import Database
import Testing

/// Tables that are more than a table: partitions, computed columns, keys that the database insists on making.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct TableKindTests {
    struct Visit: Model {
        var id: Int64
        var region: String
        var note: String?
    }

    struct Annotate: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(70)) }
        var rows: Query<Visit> { Visit.where("note IS NULL") }
        func transform(_ visit: inout Visit) { visit.note = "\(visit.region) \(visit.id)" }
    }

    struct Purge: BatchMigration {
        struct Purged: Model {
            static let table = "purged"
            var id: Int64
        }

        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(120)) }
        var rows: Query<Visit> { Visit.where(\.region == "b") }

        func process(_ visits: [Visit], _ batch: Batch) async throws {
            try await batch.insert(visits.map { Purged(id: $0.id) })
            try await batch.deleteRows()
        }
    }

    @Test func aPartitionedTableIsWalkedAsOne() async throws {
        let statements: [SQL] = [
            """
            CREATE TABLE visits (id bigint NOT NULL, region text NOT NULL, note text, writes bigint NOT NULL DEFAULT 0,
            PRIMARY KEY (region, id)) PARTITION BY LIST (region)
            """,
            "CREATE TABLE visits_a PARTITION OF visits FOR VALUES IN ('a')",
            "CREATE TABLE visits_b PARTITION OF visits FOR VALUES IN ('b')",
            "CREATE TABLE visits_other PARTITION OF visits DEFAULT",
            "INSERT INTO visits (id, region) SELECT i, chr(97 + i % 4) FROM generate_series(1, 1000) AS i",
            "CREATE TABLE purged (id bigint PRIMARY KEY) PARTITION BY HASH (id)",
            "CREATE TABLE purged_0 PARTITION OF purged FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
            "CREATE TABLE purged_1 PARTITION OF purged FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        ]
        try await TestServer.withTables(statements) { connection in
            try await countWrites(of: "visits", in: connection)
            let annotated = try await Runner(connection, workers: 2).migrate(entry(Annotate(), version: "1"))
            #expect(annotated?.status == .succeeded)
            #expect(annotated?.counters.changed == 1_000)
            let wrong: SQL = "SELECT count(*) FROM visits WHERE writes <> 1 OR note <> region || ' ' || id"
            #expect(try await connection.number(wrong) == 0)

            let purged = try await Runner(connection).migrate(entry(Purge(), version: "2"))
            #expect(purged?.status == .succeeded)
            #expect(try await connection.number("SELECT count(*) FROM visits WHERE region = 'b'") == 0)
            #expect(try await connection.number("SELECT count(*) FROM visits") == 750)
            #expect(try await connection.number("SELECT count(*) FROM purged WHERE id % 4 = 1") == 250)
            #expect(try await connection.number("SELECT count(*) FROM purged") == 250)
        }
    }

    struct Name: Model {
        var id: Int64
        var first: String
        var last: String
        /// The database computes it.
        var whole: String?
    }

    struct Capitals: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(70)) }
        var rows: Query<Name> { Name.all }
        func transform(_ name: inout Name) { name.first = name.first.uppercased() + String(name.whole?.count ?? 0) }
    }

    @Test func aColumnThatTheDatabaseComputesIsReadAndNotWritten() async throws {
        let statements: [SQL] = [
            """
            CREATE TABLE names (id bigint PRIMARY KEY, first text NOT NULL, last text NOT NULL,
            whole text GENERATED ALWAYS AS (first || ' ' || last) STORED, writes bigint NOT NULL DEFAULT 0)
            """,
            "INSERT INTO names (id, first, last) SELECT i, 'first' || i, 'last' FROM generate_series(1, 300) AS i",
        ]
        try await TestServer.withTables(statements) { connection in
            try await countWrites(of: "names", in: connection)
            let report = try await Runner(connection).migrate(entry(Capitals()))
            #expect(report?.status == .succeeded)
            let wrong = try await connection.number(
                """
                SELECT count(*) FROM names WHERE writes <> 1 OR whole <> first || ' ' || last
                OR first <> 'FIRST' || id || length('first' || id || ' last')
                """
            )
            #expect(wrong == 0)
        }
    }

    struct Origin: Model {
        static let table = "sources"

        var id: Int64
        var name: String
    }

    /// Copies sources with their keys, or has new keys made.
    struct Copy: BatchMigration {
        struct Target: Model {
            var id: Int64?
            var name: String
        }

        struct Pair: Model {
            static let primaryKey = ["source_id"]
            var sourceID: Int64
            var targetID: Int64
        }

        var batchSize = 50
        var keepsKeys = false
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }
        var rows: Query<Origin> { Origin.all }

        func process(_ sources: [Origin], _ batch: Batch) async throws {
            let targets = sources.map { Target(id: keepsKeys ? $0.id : nil, name: $0.name) }
            let inserted = try await batch.insert(targets)
            try await batch.insert(inserted.pairs(with: sources).map { Pair(sourceID: $1.id, targetID: $0) })
        }
    }

    @Test(arguments: [50, 500], [false, true])
    func aKeyThatIsAlwaysGeneratedIsMadeOrKept(batchSize: Int, keepsKeys: Bool) async throws {
        let statements: [SQL] = [
            "CREATE TABLE sources (id bigint PRIMARY KEY, name text NOT NULL)",
            "INSERT INTO sources SELECT i * 10, 'name ' || i FROM generate_series(1, 600) AS i",
            "CREATE TABLE targets (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL)",
            "CREATE TABLE pairs (source_id bigint PRIMARY KEY, target_id bigint NOT NULL)",
        ]
        try await TestServer.withTables(statements) { connection in
            let migration = Copy(batchSize: batchSize, keepsKeys: keepsKeys)
            let report = try await Runner(connection).migrate(entry(migration))
            #expect(report?.status == .succeeded)
            #expect(report?.counters.inserted == 1_200)
            // The keys that came back are those of the rows that were given.
            let right = try await connection.number(
                """
                SELECT count(*) FROM sources s JOIN pairs p ON p.source_id = s.id
                JOIN targets t ON t.id = p.target_id AND t.name = s.name
                """
            )
            #expect(right == 600)
            let kept = try await connection.number("SELECT count(*) FROM pairs WHERE source_id = target_id")
            #expect(keepsKeys ? kept == 600 : kept < 600)
        }
    }
}
