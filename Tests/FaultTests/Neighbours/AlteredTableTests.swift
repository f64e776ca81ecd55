import DataMigrations
import Database
import TestSupport
import Testing

/// An application changes the table as a whole while a migration goes through it.
@Suite(.enabled(if: PostgresServer.isThere), .serialized)
struct AlteredTableTests {
    @Test(.timeLimit(.minutes(10))) func aColumnThatComesAndGoesBetweenBatchesCostsNoRow() async throws {
        try await SharedTable.with { table, connection in
            let application = try AlteringApplication(table)
            let observer = BatchObserver { if $0 % 3 == 0 { application.alter() } }
            let report = try await table.migrate(observer)
            #expect(report?.status == .succeeded)
            #expect(application.alterations >= 6)
            try await check(table, application, observer, connection)
        }
    }

    /// The rows of a batch are read when it happens, and not yet written; those of the one before are being written.
    @Test(.timeLimit(.minutes(10))) func aColumnThatComesAndGoesInTheMidstOfABatchCostsNoRow() async throws {
        try await SharedTable.with { table, connection in
            let application = try AlteringApplication(table)
            let observer = BatchObserver { _ in }
            let report = try await table.migrate(observer, parameters: []) { id in
                if id % 250 == 50 { application.alter(at: id) }
            }
            #expect(report?.status == .succeeded)
            #expect(application.alterations == SharedTable.rows / 250)
            try await check(table, application, observer, connection)
        }
    }

    private func check(
        _ table: SharedTable,
        _ application: AlteringApplication,
        _ observer: BatchObserver,
        _ connection: any DatabaseConnection
    ) async throws {
        try await table.check(
            "column added and dropped meanwhile",
            count: application.alterations,
            touched: 0,
            repeated: observer.retries,
            connection
        )
    }

    @Test(.timeLimit(.minutes(10)), arguments: [true, false])
    func aTableThatIsTruncatedEndsTheRunWell(isBetweenBatches: Bool) async throws {
        try await SharedTable.with { table, connection in
            let application = try Application(table.server, schema: table.schema)
            let once = Counter()
            let truncate: @Sendable () -> Void = {
                guard once.next() == 1 else { return }
                do { try application.run("TRUNCATE users, writes") } catch { Issue.record(error) }
            }
            let observer = BatchObserver { if isBetweenBatches, $0 == 5 { truncate() } }
            do {
                let report = try await table.migrate(observer, parameters: []) { id in
                    if !isBetweenBatches, id == 550 { truncate() }
                }
                #expect(report?.status == .succeeded)
            } catch let error as MigrationError {
                // It need not be able to go on, but has to say why.
                #expect(!error.description.contains("\n") && error.description.contains("fill_slugs"), "\(error)")
            }
            #expect(once.value > 0)
            #expect(try await connection.number("SELECT count(*) FROM users") == 0, "no row came back")

            try await connection.execute(SharedTable.filling)
            let again = try await table.migrate(again: true)
            #expect(again?.status == .succeeded)
            try await table.check(
                "table truncated meanwhile",
                touched: 0,
                repeated: observer.retries,
                connection
            )
        }
    }
}
