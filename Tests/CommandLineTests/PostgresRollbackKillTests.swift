import Database
import Foundation
import Testing

/// On PostgreSQL, too, a rollback that is killed at a random moment, again and again, leaves what was there before the
/// migration.
@Suite(.enabled(if: PostgresWorkspace.isThere), .serialized)
struct PostgresRollbackKillTests {
    static let rows = 20_000
    static let kills = 12

    @Test(.timeLimit(.minutes(10)), arguments: RollbackKind.all)
    func aKilledRollbackLeavesWhatWasThereBeforeTheMigration(_ kind: RollbackKind) async throws {
        // One that nobody kills tells how long it takes.
        let seconds = try await PostgresWorkspace.with { whole in
            try await migrate(kind, in: whole)
            let start = ContinuousClock.now
            let outcome = try whole.start("db:data:rollback", "--version", kind.version, "--yes").finish()
            #expect(outcome.code == 0, "\(outcome.errors)")
            let seconds = start.duration(to: .now) / .seconds(1)
            try await compare(whole, kind)
            return seconds
        }
        var kills = 0
        while kills < Self.kills {
            let rest = Self.kills - kills
            let more = try await PostgresWorkspace.with { victim in
                try await migrate(kind, in: victim)
                let more = try await kill(victim, kind, seconds: seconds, atMost: rest)
                try await compare(victim, kind)
                return more
            }
            kills += more
        }
    }

    /// Fills the tables, keeps a copy of what is compared, and migrates.
    private func migrate(_ kind: RollbackKind, in workspace: PostgresWorkspace) async throws {
        try await workspace.fill(Self.rows)
        // Rows that are inserted into a table without a key can't be taken back.
        try await workspace.connection.execute("ALTER TABLE archived_orders ADD PRIMARY KEY (original_id)")
        for (table, columns) in kind.tables {
            try await workspace.connection.execute(
                "CREATE TABLE \(identifier: "given_\(table)") AS SELECT \(columns) FROM \(identifier: table)"
            )
        }
        let outcome = try workspace.start("db:data:run", kind.migration, "--workers", "2").finish()
        #expect(outcome.code == 0, "\(outcome.errors)")
    }

    /// Rolls back again and again, until that comes to its end.
    ///
    /// - Returns: how often it was killed.
    private func kill(
        _ victim: PostgresWorkspace,
        _ kind: RollbackKind,
        seconds: Double,
        atMost most: Int
    ) async throws -> Int {
        var random = SystemRandomNumberGenerator()
        let done: SQL = "SELECT count(*) FROM data_migration_runs WHERE status = 'rolled_back'"
        var kills = 0
        while true {
            let program = try victim.start("db:data:rollback", "--version", kind.version, "--yes")
            if kills < most {
                // Some die while they start, some in the midst of a batch.
                usleep(UInt32(Double.random(in: 0...seconds / 4, using: &random) * 1_000_000))
                program.send(SIGKILL)
            }
            let outcome = try program.finish()
            if outcome.isKilled { kills += 1 }
            // The server may have carried the last COMMIT out when the process was gone already.
            let isDone = try await victim.number(done) == 1
            if isDone { return kills }
            guard outcome.isKilled else {
                Issue.record("the rollback ends with code \(outcome.code): \(outcome.errors)")
                return kills
            }
        }
    }

    private func compare(_ victim: PostgresWorkspace, _ kind: RollbackKind) async throws {
        for (table, columns) in kind.tables {
            let mine: SQL = "SELECT \(columns) FROM \(identifier: table)"
            let given: SQL = "SELECT * FROM \(identifier: "given_\(table)")"
            let difference = try await victim.number(
                """
                SELECT count(*) FROM ((\(mine) EXCEPT ALL \(given)) UNION ALL (\(given) EXCEPT ALL \(mine))) AS difference
                """
            )
            #expect(difference == 0, "\(table): the same rows")
        }
        if kind.migration == "update_users" {
            let wrong = try await victim.number("SELECT count(*) FROM users WHERE writes <> 2")
            #expect(wrong == 0, "each row is written once each way")
        }
        #expect(try await victim.number("SELECT count(*) FROM data_migrations") == 0)
        #expect(try await victim.number("SELECT count(*) FROM data_migration_slices WHERE owner IS NOT NULL") == 0)
        let counters = try await victim.connection.query(
            """
            SELECT sum(changed) + sum(inserted) + sum(deleted), sum(quarantined), sum(skipped)
            FROM data_migration_slices WHERE step LIKE 'down/%'
            """
        )
        let written = try await victim.number("SELECT sum(rows_changed) FROM data_migration_journal")
        #expect(counters[0][0].integer == Int64(written), "each row of the journal is taken back once")
        #expect(counters[0][1].integer == 0)
        #expect(counters[0][2].integer == 0)
    }
}
