import DataMigrations
import Database
import TestSupport
import Testing

/// What is told of runs, on each database.
@Suite(.serialized) struct HookTests {
    private static let migration = entry(MarkOrders.self)
    private static let arguments = ["cutoff": "2024-01-01"]

    @Test(arguments: Store.all) func eachTurnIsToldOnceOverSeveralProcesses(_ store: Store) async throws {
        try await store.withAddress { address in
            let told = Told()
            let connection = try await store.open(address)
            try await Orders.make(80, in: connection)
            for batches in [1, 2] {
                // A process of its own, as far as the ledger knows.
                let own = try await store.open(address)
                let stopping = Stopping(after: batches)
                _ = try await Runner(own, observer: stopping, stop: stopping.stop, hooks: [told])
                    .migrate(Self.migration, arguments: Self.arguments)
                await own.close()
            }
            _ = try await Runner(connection, hooks: [told]).migrate(Self.migration)
            _ = try await Runner(connection, hooks: [told]).rollback(Self.migration)
            await connection.close()
            #expect(
                told.lines == [
                    "started up", "paused up cancelled", "started up again", "paused up cancelled", "started up again",
                    "finished up succeeded", "started down", "finished down rolled_back",
                ]
            )
        }
    }

    @Test(arguments: Store.all) func aHookThatThrowsIsAnEventAndNothingElse(_ store: Store) async throws {
        try await store.with { connection in
            try await Orders.make(80, in: connection)
            let told = Told { throw Unreachable() }
            let report = try await Runner(connection, hooks: [told]).migrate(Self.migration, arguments: Self.arguments)
            #expect(report?.status == .succeeded)
            #expect(report?.counters.changed == 50)
            let events = try await connection.texts(
                "SELECT message FROM data_migration_events WHERE kind = 'hook_failed'"
            )
            #expect(events == [["didStart of mark_orders failed: nobody answers"]])
        }
    }

    @Test(arguments: Store.all) func aStoppedRollbackIsPausedAndGoneOnWith(_ store: Store) async throws {
        try await store.with { connection in
            try await Orders.make(80, in: connection)
            _ = try await Runner(connection).migrate(Self.migration, arguments: Self.arguments)
            let (told, stopping) = (Told(), Stopping(after: 2))
            let stopped = try await Runner(connection, observer: stopping, stop: stopping.stop, hooks: [told])
                .rollback(Self.migration)
            #expect(stopped.status == .paused)
            #expect(try await Runner(connection, hooks: [told]).rollback(Self.migration).status == .rolledBack)
            #expect(
                told.lines == [
                    "started down", "paused down paused", "started down again", "finished down rolled_back",
                ]
            )
        }
    }

    private struct Unreachable: Error, CustomStringConvertible {
        var description: String { "nobody answers" }
    }
}
