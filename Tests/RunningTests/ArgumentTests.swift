import DataMigrations
import Database
import TestSupport
import Testing

/// Values of a run on each database: what is recorded is what every part of the run works with.
@Suite(.serialized) struct ArgumentTests {
    private static let migration = entry(MarkOrders.self)
    private static let marks: SQL = "SELECT DISTINCT mark FROM orders WHERE mark IS NOT NULL"

    @Test(arguments: Store.all, 1...5)
    func aRunThatIsStoppedAnywhereGoesOnWithItsValues(_ store: Store, batches: Int) async throws {
        try await store.with { connection in
            try await Orders.make(80, in: connection)
            let stopping = Stopping(after: batches)
            let arguments = ["cutoff": "2024-01-01", "word": "ancient", "share": "0.1"]
            let first = try await Runner(connection, observer: stopping, stop: stopping.stop)
                .migrate(Self.migration, arguments: arguments)
            #expect(first?.status == .cancelled)
            let other = await #expect(throws: MigrationError.self) {
                try await Runner(connection).migrate(Self.migration, arguments: ["cutoff": "2024-01-02"])
            }
            #expect(other?.code == .arguments)
            #expect(try await Runner(connection).migrate(Self.migration)?.status == .succeeded)
            let marks = try await connection.texts(Self.marks)
            #expect(marks == [["ancient 0.1 2024-01-01 00:00:00"]])
            #expect(try await connection.number("SELECT count(*) FROM orders WHERE mark IS NOT NULL") == 50)
            #expect(try await connection.number("SELECT max(id) FROM orders WHERE mark IS NOT NULL") == 50)
        }
    }

    @Test(arguments: Store.all) func verificationPreviewAndRollbackHaveThem(_ store: Store) async throws {
        try await store.with { connection in
            try await Orders.make(80, in: connection)
            let runner = Runner(connection)
            let preview = try await runner.preview(Self.migration, arguments: ["cutoff": "2024-01-01T12:00:00+12:00"])
            #expect(preview.failure == nil)
            #expect(preview.sources.first?.rows == 50)
            #expect(try await connection.texts(Self.marks).isEmpty)
            _ = try await runner.migrate(Self.migration, arguments: ["cutoff": "2024-01-01"])
            #expect(try await runner.verify(Self.migration).isPassed)
            let described = try await runner.describe(Self.migration)
            #expect(described.arguments.map(\.value) == ["2024-01-01", "old", ""])
            try await connection.execute("UPDATE orders SET mark = NULL WHERE id = 50")
            #expect(try await !runner.verify(Self.migration).isPassed)
            try await connection.execute("UPDATE orders SET mark = 'old 0.0 2024-01-01 00:00:00' WHERE id = 50")
            #expect(try await runner.rollback(Self.migration).status == .rolledBack)
            #expect(try await connection.texts(Self.marks).isEmpty)
        }
    }

    @Test(arguments: Store.all) func aMissingValueLeavesTheDatabaseAsItWas(_ store: Store) async throws {
        try await store.with { connection in
            try await Orders.make(10, in: connection)
            let error = await #expect(throws: MigrationError.self) {
                try await Runner(connection).migrate(Self.migration)
            }
            #expect(error?.description.contains("cutoff (Orders of before this day are marked.)") == true)
            #expect(try await connection.schema(of: "data_migration_runs") == nil)
        }
    }

    @Test(.enabled(if: Store.all.contains(.postgres)))
    func whoeverHelpsHasTheValuesOfTheRunAndOthersAreRefused() async throws {
        try await Store.postgres.withAddress { address in
            let leading = try await Store.postgres.open(address)
            let helping = try await Store.postgres.open(address)
            try await Orders.make(90_000, in: leading)
            let (helper, migration) = (Told(), entry(MarkAllOrders.self))
            let others = Counter()
            let outcome = Outcome()
            let leader = Told {
                // The run is begun, and led; another process starts the same migration.
                do {
                    _ = try await Runner(helping).migrate(migration, arguments: ["word": "other"])
                } catch let error as MigrationError where error.code == .arguments {
                    others.next()
                }
                outcome.start { try await Runner(helping, workers: 2, hooks: [helper]).migrate(migration) }
            }
            let report = try await Runner(leading, workers: 2, hooks: [leader])
                .migrate(migration, arguments: ["word": "this"])
            #expect(report?.status == .succeeded)
            // Nothing, where it came too late.
            let helped = try await outcome.value
            #expect(helped == nil || helped?.status == .succeeded)
            #expect(others.value == 1)
            #expect(try await leading.texts("SELECT mark, count(*) FROM orders GROUP BY mark") == [["this", "90000"]])
            #expect(try await leading.number("SELECT count(*) FROM data_migration_runs") == 1)
            // Turns are told by the process that leads.
            #expect(leader.lines == ["started up", "finished up succeeded"])
            #expect(helper.lines.isEmpty)
            await leading.close()
            await helping.close()
        }
    }
}

/// Marks all orders with a word.
private struct MarkAllOrders: RowMigration {
    @Parameter var word: String
    var options: MigrationOptions { MigrationOptions(batchSize: .fixed(1_000)) }
    var rows: Query<Order> { Order.where("mark IS NULL") }
    func transform(_ order: inout Order) { order.mark = word }
}
