import DataMigrations
import Database
import Testing

/// Batches whose keys are more values than a statement can bind.
@Suite(.enabled(if: TestServer.isThere))
struct WideBatchTests {
    struct Seat: Model {
        var hall: Int64
        var row: String
        var number: Int64
        var isFree: Bool

        static let table = "seats"
        static let primaryKey = ["hall", "row", "number"]
    }

    struct FreeSeats: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(6_000)) }
        var rows: Query<Seat> { Seat.where("NOT is_free") }
        func transform(_ seat: inout Seat) { seat.isFree = true }
    }

    @Test(.timeLimit(.minutes(10))) func aBatchOfManyRowsWithAKeyOfSeveralColumnsIsWritten() async throws {
        try await TestServer.withConnection { connection in
            try await connection.execute(
                """
                CREATE TABLE seats (hall bigint, "row" text, number bigint, is_free boolean NOT NULL,
                PRIMARY KEY (hall, "row", number))
                """
            )
            try await connection.execute(
                "INSERT INTO seats SELECT i % 7, 'r' || i % 30, i, false FROM generate_series(1, 12500) AS i"
            )
            let report = try await Runner(connection).migrate(entry(FreeSeats()))
            #expect(report?.status == .succeeded)
            #expect(report?.counters.changed == 12_500)
            try await #expect(connection.number("SELECT count(*) FROM seats WHERE NOT is_free") == 0)
        }
    }

    @Test func moreValuesThanAStatementBindsAreRefusedAndTheConnectionStays() async throws {
        try await TestServer.withConnection { connection in
            let values = SQL.joined((1...8_000).map { "\($0)" }, separator: ", ")
            let error = await #expect(throws: DatabaseError.self) {
                try await connection.query("SELECT 1 WHERE 1 IN (\(values))")
            }
            #expect(error?.code == .misuse)
            try await #expect(connection.number("SELECT 1") == 1)
        }
    }
}
