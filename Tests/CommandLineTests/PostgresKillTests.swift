import Database
import Foundation
import Testing

/// On PostgreSQL, too, a process that is killed at a random moment, again and again, leaves what one that was left alone
/// leaves.
@Suite(.enabled(if: PostgresWorkspace.isThere), .serialized)
struct PostgresKillTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        var migration: String
        /// What is compared of a workspace: all that does not depend on who took which number from a sequence.
        var rows: [@Sendable (PostgresWorkspace) -> SQL]

        var testDescription: String { migration }
    }

    static let kinds: [Kind] = [
        Kind(migration: "update_users", rows: [{ "SELECT id, name, slug, marked, writes FROM \($0.table("users"))" }]),
        Kind(
            migration: "copy_posts",
            rows: [
                { "SELECT post_id, title FROM \($0.table("articles"))" },
                {
                    """
                    SELECT a.post_id, a.title, c.body FROM \($0.table("comments")) c
                    LEFT JOIN \($0.table("articles")) a ON a.id = c.article_id
                    """
                },
            ]
        ),
        Kind(
            migration: "archive_orders",
            rows: [
                { "SELECT id, total FROM \($0.table("orders"))" },
                { "SELECT original_id, total FROM \($0.table("archived_orders"))" },
            ]
        ),
        Kind(migration: "import_people", rows: [{ "SELECT legacy_id, name FROM \($0.table("people"))" }]),
    ]

    /// Several parts for the workers, which hold 20 000 rows or more.
    static let rows = 50_000
    static let kills = 20

    @Test(arguments: kinds) func aKilledProcessLosesAndDoublesNothing(_ kind: Kind) async throws {
        try await PostgresWorkspace.with { oracle in
            try await oracle.fill(Self.rows)
            let start = ContinuousClock.now
            let outcome = try oracle.start("db:data:run", kind.migration, "--workers", "2").finish()
            #expect(outcome.code == 0, "\(outcome.errors)")
            let whole = start.duration(to: .now) / .seconds(1)
            #expect(try await oracle.number("SELECT count(*) FROM users WHERE writes > 1") == 0)

            var kills = 0
            while kills < Self.kills {
                try await PostgresWorkspace.with { victim in
                    try await victim.fill(Self.rows)
                    try kill(kind, in: victim, whole: whole, kills: &kills)
                    try await compare(victim, with: oracle, kind)
                }
            }
        }
    }

    /// Runs the migration again and again, until it comes to its end.
    private func kill(_ kind: Kind, in victim: PostgresWorkspace, whole: Double, kills: inout Int) throws {
        var random = SystemRandomNumberGenerator()
        while true {
            let program = try victim.start("db:data:run", kind.migration, "--workers", "2")
            if kills < Self.kills {
                // Some die while they start, some in the midst of a batch.
                usleep(UInt32(Double.random(in: 0...whole / 6, using: &random) * 1_000_000))
                program.send(SIGKILL)
            }
            let outcome = try program.finish()
            guard outcome.isKilled else {
                #expect(outcome.code == 0, "\(outcome.errors)")
                return
            }
            kills += 1
        }
    }

    private func compare(_ victim: PostgresWorkspace, with oracle: PostgresWorkspace, _ kind: Kind) async throws {
        for rows in kind.rows {
            let (mine, theirs) = (rows(victim), rows(oracle))
            // As often as there, too.
            let difference = try await victim.number(
                """
                SELECT count(*) FROM ((\(mine) EXCEPT ALL \(theirs)) UNION ALL (\(theirs) EXCEPT ALL \(mine))) AS rows
                """
            )
            #expect(difference == 0)
            #expect(try await victim.number("SELECT count(*) FROM (\(mine)) AS rows") > 0)
        }
        let sums: SQL = "sum(visited), sum(changed), sum(inserted), sum(deleted), sum(skipped), sum(quarantined)"
        let counters = try await victim.connection.query(
            """
            SELECT \(sums) FROM \(victim.table("data_migration_slices"))
            UNION ALL SELECT \(sums) FROM \(oracle.table("data_migration_slices"))
            """
        )
        #expect(counters[0].values == counters[1].values, "the ledger counts the same")
        #expect(try await victim.number("SELECT count(*) FROM data_migration_slices WHERE owner IS NOT NULL") == 0)
        #expect(try await victim.number("SELECT count(*) FROM data_migration_runs WHERE status = 'succeeded'") == 1)
        #expect(try await victim.number("SELECT count(*) FROM data_migration_runs") == 1)
    }
}
