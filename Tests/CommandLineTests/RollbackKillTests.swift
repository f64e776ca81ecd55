import Database
import Foundation
import SQLiteDriver
import Testing

/// A rollback that is killed at a random moment, again and again, leaves what was there before the migration.
@Suite(.serialized) struct RollbackKillTests {
    static let rows = 20_000
    static let kills = 20

    @Test(.timeLimit(.minutes(10)), arguments: RollbackKind.all)
    func aKilledRollbackLeavesWhatWasThereBeforeTheMigration(_ kind: RollbackKind) async throws {
        let given = try Workspace()
        try await given.fill(Self.rows)
        let migrated = try Workspace()
        try copy(given, to: migrated)
        let run = try migrated.run("db:data:run", kind.migration)
        #expect(run.code == 0, "\(run.errors)")
        try await migrated.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        // One that nobody kills tells how long it takes, and what the ledger counts.
        let whole = try Workspace()
        try copy(migrated, to: whole)
        let start = ContinuousClock.now
        let outcome = try whole.run("db:data:rollback", "--version", kind.version, "--yes")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let seconds = start.duration(to: .now) / .seconds(1)
        try await compare(whole, with: given, counting: whole, kind)

        var kills = 0
        while kills < Self.kills {
            let victim = try Workspace()
            try copy(migrated, to: victim)
            try await kill(victim, kind, seconds: seconds, kills: &kills)
            try await compare(victim, with: given, counting: whole, kind)
        }
    }

    private func copy(_ workspace: Workspace, to other: Workspace) throws {
        try Data(contentsOf: workspace.database).write(to: other.database)
        try Data(contentsOf: workspace.folder.appending(path: "people.csv"))
            .write(to: other.folder.appending(path: "people.csv"))
    }

    /// Rolls back again and again, until that comes to its end.
    private func kill(_ victim: Workspace, _ kind: RollbackKind, seconds: Double, kills: inout Int) async throws {
        var random = SystemRandomNumberGenerator()
        while true {
            let program = try Program(["db:data:rollback", "--version", kind.version, "--yes"], in: victim.folder)
            if kills < Self.kills {
                // Some die while they start, some in the midst of a batch.
                usleep(UInt32(Double.random(in: 0...seconds / 4, using: &random) * 1_000_000))
                program.send(SIGKILL)
            }
            let outcome = try program.finish()
            guard outcome.isKilled else {
                #expect(outcome.code == 0, "\(outcome.errors)")
                return
            }
            kills += 1
            // It may have died behind its last COMMIT.
            let done: SQL = "SELECT count(*) FROM data_migration_runs WHERE status = 'rolled_back'"
            if try await victim.number(done) == 1 { return }
        }
    }

    private func compare(
        _ victim: Workspace,
        with given: Workspace,
        counting whole: Workspace,
        _ kind: RollbackKind
    ) async throws {
        let connection = try await victim.connect()
        try await connection.execute("ATTACH \(given.database.path(percentEncoded: false)) AS given")
        for (table, columns) in kind.tables {
            let (mine, theirs): (SQL, SQL) = (
                "SELECT \(columns) FROM main.\(identifier: table)", "SELECT \(columns) FROM given.\(identifier: table)"
            )
            let difference = try await connection.query(
                """
                SELECT (SELECT count(*) FROM main.\(identifier: table)), (SELECT count(*) FROM given.\(identifier: table)),
                (SELECT count(*) FROM (\(mine) EXCEPT \(theirs)))
                """
            )
            #expect(difference[0][0] == difference[0][1], "\(table): as many rows")
            #expect(difference[0][2] == 0, "\(table): the same rows")
        }
        if kind.migration == "update_users" {
            let wrong = try await connection.query("SELECT count(*) FROM users WHERE writes <> 2")
            #expect(wrong[0][0] == 0, "each row is written once each way")
        }
        #expect(try await connection.query("SELECT count(*) FROM data_migrations")[0][0] == 0)
        let runs = try await connection.query("SELECT status, direction FROM data_migration_runs")
        #expect(runs.map { $0.values } == [["rolled_back", "down"]])
        await connection.close()
        let (mine, theirs) = (try await victim.texts(Self.counters), try await whole.texts(Self.counters))
        #expect(mine == theirs, "the ledger counts the same")
    }

    private static let counters: SQL = """
        SELECT sum(visited), sum(changed), sum(inserted), sum(deleted), sum(skipped), sum(quarantined)
        FROM data_migration_slices WHERE step LIKE 'down/%'
        """
}
