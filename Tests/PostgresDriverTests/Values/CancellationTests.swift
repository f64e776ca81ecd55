import Database
import Foundation
import Testing

@Suite(.enabled(if: TestServer.isThere), .serialized)
struct CancellationTests {
    /// A query that takes a minute, which `pg_stat_activity` shows while it runs.
    private struct Sleep: Sendable {
        private let mark = "sleep_" + UUID().uuidString

        var query: SQL { "SELECT pg_sleep(60) /* \(raw: mark) */" }

        /// True while a session of the server is at it.
        var runs: SQL {
            let pattern = "%\(mark)%"
            return """
                EXISTS (SELECT 1 FROM pg_stat_activity
                WHERE state = 'active' AND query LIKE \(pattern) AND pid <> pg_backend_pid())
                """
        }
    }

    private func cancel(in connection: any DatabaseConnection) async throws {
        try await TestServer.withConnection { watcher in
            let sleep = Sleep()
            let task = Task { try await connection.query(sleep.query) }
            try await watcher.waitUntil(sleep.runs)
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(start.duration(to: .now) < .seconds(30))
            try await watcher.waitUntil("NOT \(sleep.runs)")
        }
    }

    @Test(.timeLimit(.minutes(10))) func aCancelledTaskEndsItsStatementOnTheServer() async throws {
        try await TestServer.withConnection { connection in
            try await cancel(in: connection)
            #expect(try await connection.query("SELECT 1").count == 1)
        }
    }

    @Test(.timeLimit(.minutes(10)), .enabled(if: TestServer.pooledURL != nil))
    func aCancelledTaskEndsItsStatementBehindAPooler() async throws {
        try await TestServer.withConnection(isPooled: true) { connection in
            try await cancel(in: connection)
            #expect(try await connection.query("SELECT 1").count == 1)
        }
    }

    @Test(.timeLimit(.minutes(10))) func aCancelledTransactionIsTheCallersToRollBack() async throws {
        try await TestServer.withConnection { connection in
            try await connection.execute("CREATE TABLE items (id bigint)")
            try await connection.run([.begin, .execute("INSERT INTO items VALUES (1)")])
            try await cancel(in: connection)
            await #expect(throws: DatabaseError.self) {
                try await connection.run([.execute("INSERT INTO items VALUES (2)"), .commit])
            }
            try await connection.run([.rollback])
            #expect(try await connection.query("SELECT 1 FROM items").isEmpty)
            try await connection.run([.begin, .execute("INSERT INTO items VALUES (3)"), .commit])
            #expect(try await connection.query("SELECT id FROM items").map { $0[0] } == [3])
        }
    }

    @Test(.timeLimit(.minutes(10))) func aTaskThatWasCancelledBeforeCanEndItsTransaction() async throws {
        try await TestServer.withConnection { connection in
            try await connection.execute("CREATE TABLE items (id bigint)")
            try await connection.run([.begin, .execute("INSERT INTO items VALUES (1)")])
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                try await connection.run([.rollback])
            }
            task.cancel()
            try await task.value
            #expect(try await connection.query("SELECT 1 FROM items").isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: UInt64(1)...3)
    func aCancellationNeverHitsTheNextStatement(seed: UInt64) async throws {
        try await TestServer.withConnection { connection in
            var random = SplitMix(state: seed)
            for number in 0..<300 {
                let task = Task { try await connection.query("SELECT \(number), pg_sleep(0.001)") }
                for _ in 0..<Int.random(in: 0..<60, using: &random) { await Task.yield() }
                task.cancel()
                do {
                    try await #expect(task.value[0][0].integer == Int64(number))
                } catch is CancellationError {
                    // It was hit in time.
                }
                try await #expect(connection.query("SELECT \(number) + 1")[0][0].integer == Int64(number + 1))
            }
        }
    }
}
