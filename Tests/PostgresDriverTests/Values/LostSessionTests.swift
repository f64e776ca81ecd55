import Database
import Testing

/// A session whose server process is ended by somebody else.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct LostSessionTests {
    /// Works with a session and one that can end its server process, and with a table `items`.
    private func withSessions(
        _ body: (_ connection: any DatabaseConnection, _ other: any DatabaseConnection) async throws -> Void
    ) async throws {
        try await TestServer.withConnection("lock_timeout=1234ms") { connection in
            try await connection.execute("CREATE TABLE items (id bigint PRIMARY KEY, name text)")
            try await TestServer.withConnection { other in try await body(connection, other) }
        }
    }

    private func expectLost(_ connection: any DatabaseConnection, _ statements: [Statement]) async {
        let error = await #expect(throws: DatabaseError.self) { try await connection.run(statements) }
        #expect(error?.code == .connectionLost)
        #expect(error?.kind == .retryable)
    }

    @Test func outsideOfATransactionItWorksAgainAtTheNextCall() async throws {
        try await withSessions { connection, other in
            let names = ["search_path", "lock_timeout", "TimeZone", "DateStyle", "application_name"]
            let settings: SQL = "SELECT name, setting FROM pg_settings WHERE name IN \(names) ORDER BY name"
            let before = try await connection.query(settings).map(\.values)
            for round in 0..<5 {
                // Whatever the session knew of statements and tables, the next server process does not.
                let row = BulkInsert(into: "items", columns: ["id"], values: [.integer(Int64(round))])
                try await connection.run([.insert(row)])
                let backend = try await connection.backend()
                try await other.terminate(backend)
                // One call may find out, and says so; the next one must work.
                do {
                    _ = try await connection.query("SELECT id FROM items WHERE id = \(round)")
                } catch let error as DatabaseError {
                    #expect(error.code == .connectionLost)
                    #expect(error.kind == .retryable)
                }
                #expect(try await connection.query("SELECT id FROM items WHERE id = \(round)").count == 1)
                #expect(try await connection.backend() != backend)
                #expect(try await connection.query(settings).map(\.values) == before)
            }
            #expect(try await connection.query("SELECT count(*) FROM items")[0][0] == 5)
        }
    }

    @Test func insideOfATransactionItIsLostUntilRollback() async throws {
        try await withSessions { connection, other in
            try await connection.run([.begin, .execute("INSERT INTO items VALUES (1, 'lost')")])
            try await other.terminate(try await connection.backend())
            // No call may go on as if the transaction were still there, by way of a new session.
            let insert = BulkInsert(into: "items", columns: ["id"], values: [2])
            let calls: [[Statement]] = [
                [.query("SELECT 1")], [.execute("INSERT INTO items VALUES (\(3), 'lost')")], [.insert(insert)],
                [.savepoint("a")], [.begin], [.checkConstraints], [.commit], [.query("SELECT 1"), .commit],
            ]
            for call in calls { await expectLost(connection, call) }
            try await connection.run([.rollback])
            #expect(try await connection.query("SELECT count(*) FROM items")[0][0] == 0)
            try await connection.run([.begin, .execute("INSERT INTO items VALUES (4, 'kept')"), .commit])
            #expect(try await connection.query("SELECT name FROM items").map { $0[0] } == ["kept"])
        }
    }

    @Test(.timeLimit(.minutes(10))) func aStatementUnderWayEndsAsLost() async throws {
        try await withSessions { connection, other in
            let backend = try await connection.backend()
            let task = Task { try await connection.query("SELECT pg_sleep(60)") }
            try await other.waitUntil(
                "EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = \(backend) AND query LIKE '%pg_sleep(60)%')"
            )
            try await other.terminate(backend)
            let error = await #expect(throws: DatabaseError.self) { try await task.value }
            #expect(error?.code == .connectionLost)
            #expect(try await connection.query("SELECT 1").count == 1)
        }
    }

    @Test func aTransactionThatIsTriedAgainIsDoneOnce() async throws {
        try await withSessions { connection, other in
            for attempt in 1...2 {
                do {
                    try await connection.transaction {
                        try await connection.execute("INSERT INTO items VALUES (1, 'once')")
                        if attempt == 1 { try await other.terminate(try await connection.backend()) }
                    }
                } catch let error as DatabaseError {
                    #expect(attempt == 1 && error.code == .connectionLost)
                }
            }
            #expect(try await connection.query("SELECT count(*) FROM items")[0][0] == 1)
        }
    }
}
