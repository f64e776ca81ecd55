import DataMigrations
import Database
import Testing

/// Whole runs behind a pooler that lends a session to one transaction at a time, and has fewer than are asked for.
@Suite(.enabled(if: TestServer.pooledURL != nil), .serialized)
struct PooledTests {
    @Test(.timeLimit(.minutes(10)), arguments: [1, 3]) func eachRowIsChangedOnce(workers: Int) async throws {
        try await TestServer.withConnection(isPooled: true) { connection in
            try await makeUsers(50_000, in: connection)
            let runner = Runner(connection, workers: workers)
            let report = try await runner.migrate(entry(BackfillSlugs(batchSize: 500)))
            #expect(report?.status == .succeeded)
            #expect(report?.counters.changed == 50_000)
            let wrong: SQL = "SELECT count(*) FROM users WHERE writes <> 1 OR slug IS DISTINCT FROM name || '-' || id"
            #expect(try await connection.number(wrong) == 0)
            #expect(try await connection.number("SELECT sum(visited) FROM data_migration_slices") == 50_000)
            #expect(try await runner.migrate(entry(BackfillSlugs())) == nil)
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: [1, 3]) func eachRowIsCopiedOnce(workers: Int) async throws {
        try await TestServer.withConnection(isPooled: true) { connection in
            try await makeUsers(50_000, in: connection)
            try await connection.execute("CREATE TABLE copies (user_id bigint PRIMARY KEY)")
            let runner = Runner(connection, workers: workers)
            let report = try await runner.migrate(entry(CopyUsers(batchSize: 500)))
            #expect(report?.status == .succeeded)
            #expect(report?.counters.inserted == 50_000)
            #expect(try await connection.number("SELECT count(*) FROM copies") == 50_000)
        }
    }

    struct MoveSlugs: BatchMigration {
        struct Slug: Model {
            var id: Int64?
            var userID: Int64
            var text: String
        }

        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(80)) }
        var rows: Query<User> { User.where("id % 3 = 0") }

        func process(_ users: [User], _ batch: Batch) async throws {
            let slugs = try await batch.insert(
                users.map { Slug(userID: $0.id, text: $0.name) },
                onConflict: .skip("user_id")
            )
            for (index, id) in slugs.ids.enumerated() where id == nil { batch.quarantine(index, "it has a slug") }
            try await batch.delete(slugs.pairs(with: users).map { $0.source })
        }
    }

    @Test(.timeLimit(.minutes(10))) func badRowsAreFoundAmongGoodOnes() async throws {
        try await TestServer.withConnection(isPooled: true) { connection in
            try await makeUsers(900, in: connection)
            let statements: [SQL] = [
                """
                CREATE TABLE slugs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id bigint NOT NULL UNIQUE,
                text text NOT NULL CHECK (text <> 'User 600'))
                """,
                "INSERT INTO slugs (user_id, text) VALUES (30, 'there'), (603, 'there')",
            ]
            for statement in statements { try await connection.execute(statement) }
            let report = try await Runner(connection).migrate(entry(MoveSlugs()))
            #expect(report?.status == .quarantined)
            #expect(report?.openQuarantine == 3)
            #expect(report?.counters.inserted == 297)
            #expect(report?.counters.deleted == 297)
            let left = try await connection.texts("SELECT id FROM users WHERE id % 3 = 0 ORDER BY id")
            #expect(left == [["30"], ["600"], ["603"]])
            #expect(try await connection.number("SELECT count(*) FROM slugs") == 299)

            try await connection.execute("DELETE FROM slugs WHERE text = 'there'")
            #expect(try await Runner(connection).retry(entry(MoveSlugs())).openQuarantine == 1)
            #expect(try await connection.number("SELECT count(*) FROM users WHERE id % 3 = 0") == 1)
        }
    }
}
