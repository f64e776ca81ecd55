import DataMigrations
import Database
import Testing

/// Two processes and one run, as far as two runners can show it; real processes are in `CommandLineTests`.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct LeaseTests {
    /// A machine that is busy must not have it end.
    private let lease = Duration.seconds(3_600)

    @Test(.timeLimit(.minutes(10)), arguments: [1, 2])
    func twoRunnersShareARunAndBothSeeItsEnd(workers: Int) async throws {
        try await TestServer.withSchema { url in
            let first = try await TestServer.connect(url)
            let second = try await TestServer.connect(url)
            try await makeUsers(60_000, in: first)
            let (batches, signal) = AsyncStream.makeStream(of: Void.self)
            let leader = Task { [lease] in
                defer { signal.finish() }
                let observer = Recorder { _ in signal.yield() }
                return try await Runner(first, observer: observer, workers: workers, leaseTime: lease)
                    .migrate(entry(BackfillSlugs()))
            }
            // The run is under way.
            for await _ in batches { break }
            let helped = try await Runner(second, workers: workers, leaseTime: lease)
                .migrate(entry(BackfillSlugs()))
            let led = try await leader.value
            #expect(led?.status == .succeeded)
            // There is no report where the run ended just before it was looked at.
            #expect(helped == nil || helped?.status == .succeeded)
            #expect(helped == nil || helped?.counters.changed == 60_000)
            #expect(try await first.number("SELECT count(*) FROM users WHERE writes <> 1 OR slug IS NULL") == 0)
            #expect(try await first.number("SELECT sum(changed) FROM data_migration_slices") == 60_000)
            #expect(try await first.texts("SELECT status FROM data_migration_runs") == [["succeeded"]])
            await first.close()
            await second.close()
        }
    }

    /// Gives all parts of a table to another host, whose lease has ended by the database's clock.
    private static func takeOver(_ schema: String) {
        Blocking.run(
            """
            UPDATE \(schema).data_migration_slices SET owner = 'elsewhere/1/x', epoch = epoch + 1,
            lease_until = CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) - 1
            WHERE kind = 'table' AND status = 'open'
            """
        )
    }

    @Test func aPartThatWasTakenOverIsRefusedToItsOldWorkerAndFinishedByTheNext() async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(1_000, in: connection)
            let schema = try await connection.schemaName()
            let thief = Recorder { number in if number == 3 { Self.takeOver(schema) } }
            let error = await #expect(throws: MigrationError.self) {
                try await Runner(connection, observer: thief).migrate(entry(BackfillSlugs()))
            }
            #expect(error?.code == .leaseLost)
            // What the old worker did before stays, and its next batch is undone.
            #expect(try await connection.number("SELECT count(*) FROM users WHERE writes = 1") == 300)
            #expect(try await connection.number("SELECT sum(visited) FROM data_migration_slices") == 300)
            #expect(try await connection.texts("SELECT status FROM data_migration_runs") == [["running"]])

            let report = try await Runner(connection).migrate(entry(BackfillSlugs()))
            #expect(report?.status == .succeeded)
            #expect(report?.counters.changed == 1_000)
            #expect(try await connection.number("SELECT count(*) FROM users WHERE writes <> 1") == 0)
        }
    }

    @Test(.timeLimit(.minutes(10))) func aPartIsTakenOverInTheMidstOfABatchToo() async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(1_000, in: connection)
            let schema = try await connection.schemaName()
            let once = Once()
            // This batch is read, and the one before may be on its way.
            let migration = BackfillSlugs { id in
                if id == 350, once.isFirst(id) { Self.takeOver(schema) }
            }
            let error = await #expect(throws: MigrationError.self) {
                try await Runner(connection).migrate(entry(migration))
            }
            #expect(error?.code == .leaseLost)
            let done = try await connection.number("SELECT count(*) FROM users WHERE writes = 1")
            #expect(done <= 300 && done % 100 == 0)
            #expect(try await connection.number("SELECT sum(visited) FROM data_migration_slices") == done)
            #expect(try await Runner(connection).migrate(entry(migration))?.status == .succeeded)
            #expect(try await connection.number("SELECT count(*) FROM users WHERE writes <> 1") == 0)
        }
    }

    @Test(.timeLimit(.minutes(10))) func aPartWhoseLeaseHasNotEndedIsWaitedFor() async throws {
        try await TestServer.withSchema { url in
            let connection = try await TestServer.connect(url)
            try await makeUsers(1_000, in: connection)
            let stop = StopSignal()
            let recorder = Recorder { number in if number == 3 { stop.request("test") } }
            _ = try await Runner(connection, observer: recorder, stop: stop).migrate(entry(BackfillSlugs()))
            let end: SQL = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) + 2000"
            try await connection.execute(
                """
                UPDATE data_migration_slices SET owner = 'elsewhere/1/x', epoch = epoch + 1, lease_until = \(end)
                WHERE kind = 'table' AND status = 'open'
                """
            )
            let lease = try await connection.number(
                "SELECT max(lease_until) FROM data_migration_slices WHERE owner = 'elsewhere/1/x'"
            )
            // Nobody writes a row of that part before its lease has ended.
            let observer = Recorder { _ in
                let now = Blocking.run("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")
                let milliseconds = now.first?.first.flatMap { Int($0) } ?? 0
                #expect(milliseconds >= lease)
            }
            let report = try await Runner(connection, observer: observer).migrate(entry(BackfillSlugs()))
            #expect(report?.status == .succeeded)
            #expect(observer.batches == 7)
            #expect(try await connection.number("SELECT count(*) FROM users WHERE writes <> 1") == 0)
            await connection.close()
        }
    }
}
