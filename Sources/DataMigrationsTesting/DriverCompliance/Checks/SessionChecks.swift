import Database
import Foundation

extension DriverCompliance {
    /// Clock, locks and the end of a session.
    static let sessions: [Check] = [
        Check("the database's clock is close to ours") { session in
            let query: SQL = "SELECT \(raw: session.dialect.currentMilliseconds)"
            let value = try await session.connection.query(query).value(row: 0, column: 0)
            guard case .integer(let milliseconds) = value else {
                throw session.failure("the clock gave \(value), which is no integer")
            }
            let difference = Double(milliseconds) / 1_000 - Date().timeIntervalSince1970
            try session.require(abs(difference) < 60, "the clocks are \(difference) seconds apart")
        },
        Check("the database's clock goes on in milliseconds") { session in
            let query: SQL = "SELECT \(raw: session.dialect.currentMilliseconds)"
            let before = try await session.connection.query(query).value(row: 0, column: 0).integer ?? 0
            try await Task.sleep(for: .milliseconds(20))
            let after = try await session.connection.query(query).value(row: 0, column: 0).integer ?? 0
            // A busy machine may sleep for long, but never shorter than it was told.
            try session.require(after - before >= 15, "20 ms of sleep took \(after - before) ms")
        },
        Check("a lock of another session is busy, which is worth another try", needsSharedDatabase: true) { session in
            try await session.createNamedItems()
            try await session.connection.execute(session.insertItem("a"))
            let update: SQL = "UPDATE \(identifier: ComplianceSession.items) SET amount = amount + 1 WHERE name = 'a'"
            try await session.connection.run([.begin, .execute(update)])
            let second = try await session.suite.connect()
            let other = ComplianceSession(check: session.check, connection: second, suite: session.suite)
            let error = try await other.error(of: [.begin, .execute(update)], "a row that another session has locked")
            try session.equal(error.code, .busy, "the code")
            try session.equal(error.kind, .retryable, "the kind")
            try await second.run([.rollback])
            try await session.connection.run([.commit])
            try await second.run([.begin, .execute(update), .commit])
            await second.close()
            try session.equal(try await session.column("amount"), ["2"], "the amount")
        },
        Check("sessions that count in turns lose nothing", needsSharedDatabase: true) { session in
            try await session.createNamedItems()
            try await session.connection.execute(session.insertItem("a"))
            let second = try await session.suite.connect()
            let update: SQL = "UPDATE \(identifier: ComplianceSession.items) SET amount = amount + 1"
            for _ in 0..<10 {
                for connection in [session.connection, second] {
                    try await connection.run([.begin, .execute(update, expectedChanges: 1), .commit])
                }
            }
            await second.close()
            try session.equal(try await session.column("amount"), ["20"], "the amount")
        },
        Check("calls of many tasks run one after another") { session in
            try await session.createNamedItems()
            try await session.connection.execute(session.insertItem("a"))
            let update: SQL = "UPDATE \(identifier: ComplianceSession.items) SET amount = amount + 1"
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await session.connection.run([.begin, .execute(update), .execute(update), .commit])
                    }
                }
                try await group.waitForAll()
            }
            try session.equal(try await session.column("amount"), ["40"], "the amount")
        },
        Check("after its end a session throws") { session in
            let connection = try await session.suite.connect()
            await connection.close()
            let closed = ComplianceSession(check: session.check, connection: connection, suite: session.suite)
            for statement in [Statement.query("SELECT 1"), .begin, .checkConstraints] {
                _ = try await closed.error(of: [statement], "a statement after close()")
            }
            do {
                _ = try await connection.schema(of: ComplianceSession.items)
            } catch is DatabaseError {
                return
            }
            throw session.failure("schema(of:) after close() did not throw")
        },
        Check("a session can be closed twice") { session in
            let connection = try await session.suite.connect()
            await connection.close()
            await connection.close()
        },
    ]
}
