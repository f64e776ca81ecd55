import DataMigrations
import Database
import Testing

/// Rows that a trigger keeps from being written, without an error.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct RefusedRowTests {
    /// Users 1 to 1 200, of whom some can't be updated or deleted, and some not be inserted elsewhere.
    private func withUsers(_ body: (_ connection: any DatabaseConnection) async throws -> Void) async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(1_200, in: connection)
            let statements: [SQL] = [
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN IF OLD.id IN (7, 150, 151, 1200) THEN RETURN NULL; END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$
                """,
                "CREATE TRIGGER refuses BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION refuse()",
                "CREATE TABLE copies (user_id bigint PRIMARY KEY)",
                """
                CREATE FUNCTION refuse_copy() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN IF NEW.user_id IN (8, 1000) THEN RETURN NULL; END IF; RETURN NEW; END $$
                """,
                "CREATE TRIGGER refuses BEFORE INSERT ON copies FOR EACH ROW EXECUTE FUNCTION refuse_copy()",
            ]
            for statement in statements { try await connection.execute(statement) }
            try await body(connection)
        }
    }

    private func quarantine(in connection: any DatabaseConnection) async throws -> [[String?]] {
        try await connection.texts("SELECT locator FROM data_migration_quarantine WHERE status = 'open' ORDER BY id")
    }

    @Test(arguments: [7, 100, 1_000, 5_000])
    func aRowThatATriggerRefusesToUpdateIsPutAsideAndTheOthersAreWritten(batchSize: Int) async throws {
        try await withUsers { connection in
            let migration = entry(BackfillSlugs(batchSize: batchSize))
            let report = try #require(try await Runner(connection).migrate(migration))
            #expect(report.status == .quarantined)
            #expect(report.openQuarantine == 4)
            #expect(report.counters.visited == 1_200)
            #expect(report.counters.changed == 1_196)
            #expect(try await quarantine(in: connection) == [["[7]"], ["[150]"], ["[151]"], ["[1200]"]])
            let reasons = try await connection.texts("SELECT DISTINCT error FROM data_migration_quarantine")
            #expect(reasons.count == 1)
            #expect(reasons.first?.first??.contains("a trigger") == true, "\(reasons)")
            let left = try await connection.texts("SELECT id FROM users WHERE slug IS NULL ORDER BY id")
            #expect(left == [["7"], ["150"], ["151"], ["1200"]])
            #expect(try await connection.number("SELECT count(*) FROM users WHERE writes = 1") == 1_196)

            try await connection.execute("DROP TRIGGER refuses ON users")
            let retried = try await Runner(connection).retry(migration)
            #expect(retried.status == .succeeded)
            #expect(retried.counters.changed == 1_200)
            #expect(try await connection.number("SELECT count(*) FROM users WHERE writes <> 1") == 0)
        }
    }

    @Test(arguments: [50, 1_000])
    func aRowThatATriggerRefusesToInsertIsPutAsideAndTheOthersAreWritten(batchSize: Int) async throws {
        try await withUsers { connection in
            let report = try #require(try await Runner(connection).migrate(entry(CopyUsers(batchSize: batchSize))))
            #expect(report.status == .quarantined)
            #expect(report.counters.inserted == 1_198)
            #expect(try await quarantine(in: connection) == [["[8]"], ["[1000]"]])
            #expect(try await connection.number("SELECT count(*) FROM copies") == 1_198)
        }
    }
}
