import DataMigrations
import DataMigrationsTesting
import Database
import Foundation
import SQLiteDriver
import Testing

@Suite struct LeaseTests {
    /// A file with users, and two connections to it.
    private func twoConnections(_ users: Int) async throws -> (TemporaryFile, SQLiteConnection, SQLiteConnection) {
        let file = try TemporaryFile("")
        let first = try await SQLiteConnection(path: file.path)
        try await makeUsers(users, in: first)
        return (file, first, try await SQLiteConnection(path: file.path))
    }

    /// Another process of another host, as the ledger shows it.
    private func takeOver(_ connection: some DatabaseAccess, seconds: Int) async throws {
        try await connection.execute(
            """
            UPDATE data_migration_slices SET owner = 'elsewhere/1/x', epoch = epoch + 1,
            lease_until = CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) + \(seconds * 1_000)
            """
        )
        try await connection.execute("UPDATE data_migration_runs SET status = 'running'")
    }

    @Test func aSecondRunIsToldWhoHoldsTheMigration() async throws {
        let (file, first, second) = try await twoConnections(300)
        defer { withExtendedLifetime(file) {} }
        let stop = StopSignal()
        _ = try await Runner(first, observer: Recorder(stop: stop, after: 1), stop: stop).migrate(
            entry(BackfillSlugs())
        )
        try await takeOver(first, seconds: 3_600)
        let error = await #expect(throws: MigrationError.self) {
            try await Runner(second).migrate(entry(BackfillSlugs()))
        }
        #expect(error?.code == .held)
        #expect(error?.description.contains("process 1 on elsewhere") == true)
        #expect(try await first.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 100)
        #expect(try await first.texts("SELECT status FROM data_migration_runs") == [["running"]])
    }

    @Test func aLeaseThatHasEndedIsTakenOver() async throws {
        let (file, first, second) = try await twoConnections(300)
        defer { withExtendedLifetime(file) {} }
        let stop = StopSignal()
        _ = try await Runner(first, observer: Recorder(stop: stop, after: 1), stop: stop).migrate(
            entry(BackfillSlugs())
        )
        try await takeOver(first, seconds: -1)
        #expect(try await Runner(second).migrate(entry(BackfillSlugs()))?.status == .succeeded)
        #expect(try await first.number("SELECT count(*) FROM users WHERE writes <> 1") == 0)
    }

    /// Takes the migration over, through a connection of its own, while a batch is between two transactions.
    final class Thief: ProgressObserver {
        let path: String
        init(path: String) { self.path = path }
        func observe(_ event: ProgressEvent) {
            guard case .batch = event else { return }
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [
                "sqlite3", path, "UPDATE data_migration_slices SET epoch = epoch + 1, owner = 'thief/1/x'",
            ]
            try? process.run()
            process.waitUntilExit()
        }
    }

    @Test func whoeverLostTheLeaseCannotWriteAnyMore() async throws {
        let (file, first, _) = try await twoConnections(300)
        defer { withExtendedLifetime(file) {} }
        let error = await #expect(throws: MigrationError.self) {
            try await Runner(first, observer: Thief(path: file.path)).migrate(entry(BackfillSlugs()))
        }
        #expect(error?.code == .leaseLost)
        #expect(try await first.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 100)
        #expect(try await first.number("SELECT visited FROM data_migration_slices WHERE step = 'rows'") == 100)
    }

    @Test func aNewerLedgerIsLeftAlone() async throws {
        let database = try await TestDatabase()
        try await makeUsers(3, in: database)
        _ = try await database.run(BackfillSlugs())
        try await database.execute("UPDATE data_migration_format SET version = 99")
        let error = await #expect(throws: MigrationError.self) { try await database.run(BackfillSlugs()) }
        #expect(error?.code == .ledger)
        #expect(error?.description.contains("99") == true)
    }

    @Test func aStepWhoseLeaseWasLostIsUndoneAndTheRunIsNotCalledFailed() async throws {
        struct Slow: DataMigration {
            func up(_ migration: MigrationContext) async throws {
                try await migration.step("one") { batch in
                    try await batch.execute("CREATE TABLE left_over (id INTEGER)")
                    try await batch.execute("UPDATE data_migration_slices SET epoch = epoch + 1 WHERE step = 'one'")
                }
            }
        }
        let database = try await TestDatabase()
        let error = await #expect(throws: MigrationError.self) { try await database.runner().migrate(entry(Slow())) }
        #expect(error?.code == .leaseLost)
        #expect(try await database.texts("SELECT status FROM data_migration_runs") == [["running"]])
        #expect(try await database.connection.schema(of: "left_over") == nil)
    }
}
