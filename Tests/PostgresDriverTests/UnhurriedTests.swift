import DataMigrations
import Database
import Testing

/// `statement_timeout` holds for all statements but those that may read a whole table.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct UnhurriedTests {
    private static let slow: SQL = "SELECT pg_sleep(0.2)"

    static var ways: [Bool] { TestServer.pooledURL == nil ? [false] : [false, true] }

    private func expectTimeout(_ connection: any DatabaseConnection) async {
        let error = await #expect(throws: DatabaseError.self) { try await connection.query(Self.slow) }
        #expect(error?.code == .timedOut)
        #expect(error?.kind == .retryable)
        #expect(error?.description.contains("statement_timeout") == true)
    }

    @Test(arguments: ways) func byItself(isPooled: Bool) async throws {
        try await TestServer.withConnection("statement_timeout=50ms", isPooled: isPooled) { connection in
            await expectTimeout(connection)
            try await #expect(connection.queryUnhurried(Self.slow).count == 1)
            await expectTimeout(connection)
        }
    }

    @Test(arguments: ways) func inATransactionThatGoesOnWithTheLimit(isPooled: Bool) async throws {
        try await TestServer.withConnection("statement_timeout=50ms", isPooled: isPooled) { connection in
            try await connection.execute("CREATE TABLE items (id bigint)")
            let limit: SQL = "SELECT current_setting('statement_timeout')"
            let results = try await connection.run([
                .begin, .execute("INSERT INTO items VALUES (1)"), .unhurried(Self.slow), .query(limit), .commit,
            ])
            #expect(results[2].rows?.count == 1)
            #expect(results[3].rows?.first?[0] == .text("50ms"))
            try await #expect(connection.number("SELECT count(*) FROM items") == 1)

            try await connection.run([.begin, .unhurried(Self.slow)])
            await expectTimeout(connection)
            try await connection.run([.rollback])
            await expectTimeout(connection)
        }
    }

    @Test(arguments: ways) func oneThatFailsLeavesTheSessionAsItWas(isPooled: Bool) async throws {
        try await TestServer.withConnection("statement_timeout=50ms", isPooled: isPooled) { connection in
            await #expect(throws: DatabaseError.self) { try await connection.queryUnhurried("SELECT 1 FROM nowhere") }
            await expectTimeout(connection)
            try await #expect(connection.number("SELECT 1") == 1)
        }
    }

    /// Gives each user a slug, with as many rows a batch as go well.
    struct AdaptiveSlugs: RowMigration {
        var rows: Query<User> { User.where("slug IS NULL") }
        func transform(_ user: inout User) { user.slug = "\(user.name)-\(user.id)" }
    }

    @Test(.timeLimit(.minutes(10))) func aBatchThatTakesTooLongIsTriedAgainWithFewerRows() async throws {
        try await TestServer.withConnection("statement_timeout=300ms") { connection in
            try await makeUsers(700, in: connection)
            try await connection.execute(
                """
                CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN PERFORM pg_sleep(0.001); RETURN NEW; END $$
                """
            )
            try await connection.execute(
                "CREATE TRIGGER dawdles BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION dawdle()"
            )
            let recorder = Recorder()
            let report = try await Runner(connection, observer: recorder).migrate(entry(AdaptiveSlugs()))
            #expect(report?.status == .succeeded)
            #expect(report?.openQuarantine == 0)
            #expect(recorder.retries.contains { $0.contains("statement_timeout") }, "\(recorder.retries)")
            #expect(recorder.batches > 1)
            let wrong: SQL = "SELECT count(*) FROM users WHERE writes <> 1 OR slug IS DISTINCT FROM name || '-' || id"
            try await #expect(connection.number(wrong) == 0)
        }
    }
}
