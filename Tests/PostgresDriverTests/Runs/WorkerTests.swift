import DataMigrations
import Database
import Testing

/// Several workers of one process share a table.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct WorkerTests {
    /// Enough for several parts, which hold 20 000 rows or more.
    private static let rows = 90_000

    private func withUsers(_ body: (_ connection: any DatabaseConnection) async throws -> Void) async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(Self.rows, in: connection)
            try await connection.execute("CREATE TABLE copies (user_id bigint NOT NULL)")
            try await body(connection)
        }
    }

    /// What the ledger says of the parts: together they are the table.
    private func expectParts(_ connection: any DatabaseConnection, _ report: RunReport) async throws {
        let sums = try await connection.texts(
            """
            SELECT sum(visited), sum(changed), sum(inserted), sum(quarantined) FROM data_migration_slices
            WHERE kind = 'table'
            """
        )
        let counters = report.counters
        let reported: [String?] = [
            "\(counters.visited)", "\(counters.changed)", "\(counters.inserted)", "\(counters.quarantined)",
        ]
        #expect(sums == [reported])
        #expect(counters.visited == Self.rows)
        #expect(try await connection.number("SELECT count(*) FROM data_migration_slices WHERE kind = 'table'") >= 4)
        let open = try await connection.number(
            "SELECT count(*) FROM data_migration_slices WHERE kind <> 'step' AND (status <> 'done' OR owner IS NOT NULL)"
        )
        #expect(open == 0)
    }

    @Test(arguments: [1, 4]) func eachRowIsChangedOnce(workers: Int) async throws {
        try await withUsers { connection in
            let runner = Runner(connection, workers: workers)
            let report = try #require(try await runner.migrate(entry(BackfillSlugs(batchSize: 700))))
            #expect(report.status == .succeeded)
            #expect(report.counters.changed == Self.rows)
            let wrong = try await connection.number(
                "SELECT count(*) FROM users WHERE writes <> 1 OR slug IS DISTINCT FROM name || '-' || id"
            )
            #expect(wrong == 0)
            try await expectParts(connection, report)
        }
    }

    @Test(arguments: [1, 4]) func eachRowIsCopiedOnce(workers: Int) async throws {
        try await withUsers { connection in
            let runner = Runner(connection, workers: workers)
            let report = try #require(try await runner.migrate(entry(CopyUsers(batchSize: 700))))
            #expect(report.status == .succeeded)
            #expect(report.counters.inserted == Self.rows)
            try await expectCopies(connection)
            try await expectParts(connection, report)
        }
    }

    @Test func aWorkerThatFailsEndsTheRunWhichThenGoesOn() async throws {
        try await withUsers { connection in
            let runner = Runner(connection, workers: 4)
            let error = await #expect(throws: MigrationError.self) {
                try await runner.migrate(entry(CopyUsers(batchSize: 700, failsAt: 50_000)))
            }
            #expect(error?.description.contains("nowhere") == true)
            #expect(try await connection.texts("SELECT status FROM data_migration_runs") == [["failed"]])
            let done = try await connection.number("SELECT count(*) FROM copies")
            #expect(done < Self.rows)
            #expect(try await connection.number("SELECT count(*) FROM copies WHERE user_id = 50000") == 0)
            #expect(try await connection.number("SELECT sum(inserted) FROM data_migration_slices") == done)

            let report = try #require(try await runner.migrate(entry(CopyUsers(batchSize: 700))))
            #expect(report.status == .succeeded)
            try await expectCopies(connection)
            try await expectParts(connection, report)
        }
    }

    @Test func aRunThatIsStoppedGoesOnWithAnotherNumberOfWorkers() async throws {
        try await withUsers { connection in
            let stop = StopSignal()
            let recorder = Recorder { number in if number == 60 { stop.request("test") } }
            let stopped = try await Runner(connection, observer: recorder, stop: stop, workers: 3).migrate(
                entry(BackfillSlugs(batchSize: 500))
            )
            #expect(stopped?.status == .cancelled)
            let done = try await connection.number("SELECT count(*) FROM users WHERE writes = 1")
            #expect(done >= 30_000 && done < Self.rows)
            #expect(stopped?.counters.changed == done)

            let runner = Runner(connection, workers: 2)
            let report = try #require(try await runner.migrate(entry(BackfillSlugs(batchSize: 500))))
            #expect(report.status == .succeeded)
            #expect(report.counters.changed == Self.rows)
            #expect(try await connection.number("SELECT count(*) FROM users WHERE writes <> 1") == 0)
            try await expectParts(connection, report)
        }
    }

    private func expectCopies(_ connection: any DatabaseConnection) async throws {
        let copies = try await connection.texts("SELECT count(*), count(DISTINCT user_id), max(user_id) FROM copies")
        #expect(copies == [["\(Self.rows)", "\(Self.rows)", "\(Self.rows)"]])
    }
}
