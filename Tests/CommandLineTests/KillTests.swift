import Database
import Foundation
import SQLiteDriver
import Testing

/// A process that is killed at a random moment, again and again, leaves what one that was left alone leaves.
@Suite(.serialized) struct KillTests {
    struct Kind {
        var migration: String
        var tables: [String]
        /// Counts the rows that were not written exactly once.
        var wrong: SQL
    }

    static let kinds: [Kind] = [
        Kind(migration: "update_users", tables: ["users"], wrong: "SELECT count(*) FROM users WHERE writes <> 1"),
        Kind(
            migration: "copy_posts",
            tables: ["articles", "comments"],
            wrong: """
                SELECT count(*) FROM posts WHERE (SELECT count(*) FROM articles_by_post a WHERE a.post_id = posts.id) <> 1
                """
        ),
        Kind(
            migration: "archive_orders",
            tables: ["orders", "archived_orders"],
            wrong: "SELECT count(*) - count(DISTINCT original_id) FROM archived_orders"
        ),
        Kind(
            migration: "import_people",
            tables: ["people"],
            wrong: "SELECT abs(count(*) - \(KillTests.rows)) + count(*) - count(DISTINCT legacy_id) FROM people"
        ),
    ]

    static let rows = 100_000
    static let kills = 30

    @Test(arguments: kinds.indices) func aKilledProcessLosesAndDoublesNothing(_ index: Int) async throws {
        let kind = Self.kinds[index]
        let oracle = try Workspace()
        try await oracle.fill(Self.rows)
        let template = try Data(contentsOf: oracle.database)
        let start = ContinuousClock.now
        #expect(try oracle.run("db:data:run", kind.migration).code == 0)
        let whole = start.duration(to: .now) / .seconds(1)

        let victim = try Workspace()
        var random = SystemRandomNumberGenerator()
        var kills = 0
        while kills < Self.kills {
            try template.write(to: victim.database)
            for ending in ["-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: victim.database.path(percentEncoded: false) + ending)
            }
            try Data(contentsOf: oracle.folder.appending(path: "people.csv"))
                .write(to: victim.folder.appending(path: "people.csv"))
            var isDone = false
            while !isDone {
                let program = try Program(["db:data:run", kind.migration], in: victim.folder)
                if kills < Self.kills {
                    // Some die while they start, some in the midst of a batch.
                    usleep(UInt32(Double.random(in: 0...whole / 6, using: &random) * 1_000_000))
                    program.send(SIGKILL)
                }
                let outcome = try program.finish()
                if outcome.isKilled { kills += 1 } else { isDone = true }
                if isDone { #expect(outcome.code == 0, "\(outcome.errors)") }
            }
            try await compare(victim, with: oracle, kind)
        }
    }

    private func compare(_ victim: Workspace, with oracle: Workspace, _ kind: Kind) async throws {
        let connection = try await victim.connect()
        try await connection.execute("ATTACH \(oracle.database.path(percentEncoded: false)) AS oracle")
        for table in kind.tables {
            let difference = try await connection.query(
                """
                SELECT (SELECT count(*) FROM main.\(identifier: table)), (SELECT count(*) FROM oracle.\(identifier: table)),
                (SELECT count(*) FROM (SELECT * FROM main.\(identifier: table) EXCEPT
                SELECT * FROM oracle.\(identifier: table)))
                """
            )
            #expect(difference[0][0] == difference[0][1], "\(table): as many rows")
            #expect(difference[0][2] == 0, "\(table): the same rows")
        }
        if kind.migration == "copy_posts" {
            try await connection.execute("CREATE TEMP TABLE articles_by_post AS SELECT post_id FROM articles")
            try await connection.execute("CREATE INDEX temp.by_post ON articles_by_post (post_id)")
        }
        #expect(try await connection.query(kind.wrong)[0][0] == 0, "each row is written once")
        let counters: SQL =
            "sum(visited), sum(changed), sum(inserted), sum(deleted), sum(skipped), sum(quarantined)"
        let mine = try await connection.query("SELECT \(counters) FROM main.data_migration_slices")
        let theirs = try await connection.query("SELECT \(counters) FROM oracle.data_migration_slices")
        #expect(mine[0].values == theirs[0].values, "the ledger counts the same")
        await connection.close()
    }
}
