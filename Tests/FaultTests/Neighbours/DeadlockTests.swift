import DataMigrations
import Database
import Foundation
import TestSupport
import Testing

/// An application writes to the rows of each batch in the opposite order.
@Suite(.enabled(if: PostgresServer.isThere)) struct DeadlockTests {
    private static let batches = SharedTable.rows / SharedTable.batch

    /// Whoever has waited for so long looks for a deadlock, and gives in if there is one.
    private static let ours = "150ms"

    @Test(.timeLimit(.minutes(10))) func deadlocksWithAnApplicationCostNeitherOfThemARow() async throws {
        try await SharedTable.with { table, application in
            let name = "azu_" + UUID().uuidString.prefix(8).lowercased()
            let sessions = try await [connect(table), connect(table)]
            try await begin(0, in: sessions[0])
            let watch = RunWatch(after: 0) {}
            let parameters = [
                "lock_timeout=20s", "application_name=\(name)", "options=-cdeadlock_timeout%3D\(Self.ours)",
            ]
            let run = Task { try await table.migrate(watch, parameters: parameters) }
            var lost = 0
            for batch in 0..<Self.batches {
                let session = sessions[batch % 2]
                try await wait(until: "the run waits in batch \(batch)") {
                    try await application.number(
                        """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE application_name = \(name) AND wait_event_type = 'Lock'
                        """
                    ) > 0
                }
                // The run is not to get past the next batch either.
                if batch + 1 < Self.batches { try await begin(batch + 1, in: sessions[(batch + 1) % 2]) }
                lost += try await finish(batch, in: session)
            }
            let report = try await run.value
            #expect(report?.status == .succeeded)
            #expect(lost + watch.retries > 0, "there were deadlocks")
            for session in sessions { await session.close() }
            try await table.check(
                "deadlock with the application",
                count: lost + watch.retries,
                touched: 2 * Self.batches,
                repeated: watch.retries,
                application
            )
        }
    }

    private func connect(_ table: SharedTable) async throws -> any DatabaseConnection {
        try await table.server.connect(["schema=\(table.schema)", "lock_timeout=20s"])
    }

    /// Locks the last row of a batch, for which the run has to wait.
    private func begin(_ batch: Int, in session: any DatabaseConnection) async throws {
        // By turns, the run gives in, or the application.
        let patience = batch % 2 == 0 ? "10s" : "10ms"
        try await session.execute("SET deadlock_timeout = '\(raw: patience)'")
        try await session.run([.begin, .execute(touch((batch + 1) * SharedTable.batch))])
    }

    /// Goes on with the first row of the batch, which the run has locked.
    ///
    /// - Returns: how often the application had to begin anew.
    private func finish(_ batch: Int, in session: any DatabaseConnection) async throws -> Int {
        let (first, last) = (batch * SharedTable.batch + 1, (batch + 1) * SharedTable.batch)
        do {
            try await session.run([.execute(touch(first)), .commit])
            return 0
        } catch let error as DatabaseError where error.code == .conflict {
            try await session.run([.rollback])
            // In the order of the run: both come through.
            try await session.run([.begin, .execute(touch(first)), .execute(touch(last)), .commit])
            return 1
        }
    }

    private func touch(_ id: Int) -> SQL { "UPDATE users SET touched = touched + 1 WHERE id = \(id)" }
}
