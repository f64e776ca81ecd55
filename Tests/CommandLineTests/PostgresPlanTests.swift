import Database
import Foundation
import Testing

/// What a plan tells of PostgreSQL besides.
@Suite(.enabled(if: PostgresWorkspace.isThere), .serialized)
struct PostgresPlanTests {
    @Test func locksAndTheSizeOfTheLogAreTold() async throws {
        try await PostgresWorkspace.with { workspace in
            try await workspace.fill(3_000)
            let plan = try workspace.start("db:data:plan", "update_users", "copy_posts", "--output", "json").finish()
            #expect(plan.code == 2)
            let objects = try plan.objects()
            #expect(objects[0]["locks"] as? [String] == ["users: RowExclusiveLock", "users: RowShareLock"])
            #expect((objects[0]["log_bytes_per_row"] as? Int ?? 0) > 0)
            let statements = try #require(objects[1]["statements"] as? [[String: Any]])
            let texts = statements.compactMap { $0["sql"] as? String }
            #expect(texts.contains { $0.hasPrefix(#"COPY "articles" ("post_id", "title", "id") FROM STDIN"#) })
            #expect(try await workspace.number("SELECT count(*) FROM users WHERE slug IS NOT NULL OR writes > 0") == 0)
            #expect(try await workspace.number("SELECT count(*) FROM articles") == 0)
            let ledger = try await workspace.number(
                """
                SELECT count(*) FROM pg_class WHERE relname LIKE 'data_migration%'
                AND relnamespace = current_schema()::regnamespace
                """
            )
            #expect(ledger == 0)
        }
    }
}
