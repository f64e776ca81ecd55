import Database
import Testing

/// Statements that are run outside of every transaction.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct AloneTests {
    @Test func takeTheTimeAndTheLocksThatTheyTakeAndLeaveTheLimits() async throws {
        try await TestServer.withConnection("statement_timeout=50ms&lock_timeout=40ms") { connection in
            try await connection.run([
                .alone("SELECT pg_sleep(0.2)"), .alone("SELECT pg_sleep(0.2)", waitsForLocks: true),
            ])
            let limits: SQL = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
            let after = try await connection.query(limits).first?.values
            #expect(after == [.text("50ms"), .text("40ms")])
            let inside = try await connection.run([
                .alone("SELECT current_setting('lock_timeout')", waitsForLocks: true)
            ])
            #expect(inside[0].rows?.first?[0] == .text("0"))
            let error = await #expect(throws: DatabaseError.self) {
                try await connection.run([.query("SELECT 1"), .alone("SELECT 1 FROM nowhere")])
            }
            #expect(error?.statement == 1)
            #expect(error?.position == 15)
            let failed = try await connection.query(limits).first?.values
            #expect(failed == [.text("50ms"), .text("40ms")])
        }
    }

    @Test func areNoPartOfATransaction() async throws {
        try await TestServer.withConnection("") { connection in
            try await connection.execute("CREATE TABLE items (id bigint)")
            try await connection.run([.alone("CREATE INDEX CONCURRENTLY i ON items (id)"), .alone("VACUUM items")])
            let count = try await connection.query(
                "SELECT count(*) FROM pg_indexes WHERE indexname = 'i' AND schemaname = current_schema()"
            )
            #expect(count.first?[0].integer == 1)
        }
    }

    @Test(.enabled(if: TestServer.pooledURL != nil))
    func areRefusedWhereTheyWouldNotFindTheSchema() async throws {
        try await TestServer.withConnection("", isPooled: true) { connection in
            let error = await #expect(throws: DatabaseError.self) { try await connection.run([.alone("SELECT 1")]) }
            #expect(error?.code == .misuse)
        }
    }
}
