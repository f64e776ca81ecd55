import Database
import Foundation
import Testing

/// Rows that were changed since a migration: what a rollback shows of them, and what it does with them.
@Suite struct RollbackCommandTests {
    private func workspace(_ rows: Int = 10, ran migrations: String...) async throws -> Workspace {
        let workspace = try Workspace()
        try await workspace.fill(rows)
        for migration in migrations { #expect(try workspace.run("db:data:run", migration).code == 0) }
        return workspace
    }

    /// Shows what would be taken back; the database must stay as it is.
    private func plan(
        _ arguments: String...,
        in workspace: Workspace,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Program.Outcome {
        let before = try await workspace.contents()
        let outcome = try Program(["db:data:rollback", "--plan"] + arguments, in: workspace.folder).finish()
        let after = try await workspace.contents()
        #expect(after == before, sourceLocation: sourceLocation)
        return outcome
    }

    private func slugs(_ workspace: Workspace) async throws -> [[String?]] {
        try await workspace.texts("SELECT id, slug FROM users WHERE slug IS NOT NULL ORDER BY id")
    }

    @Test func aPlanSaysHowManyRowsComeBack() async throws {
        let workspace = try await workspace(ran: "update_users", "archive_orders")
        let newest = try await plan(in: workspace)
        #expect(newest.code == 2)
        #expect(
            newest.lines == [
                "20240101000003 archive_orders", "  orders: 10 rows are inserted again",
                "  archived_orders: 10 rows are deleted",
            ]
        )
        let both = try await plan("--steps", "2", in: workspace)
        #expect(both.code == 2)
        #expect(both.lines.suffix(2) == ["20240101000001 update_users", "  users: 10 rows get their old values back"])
        let program = try await plan("--steps", "2", "--output", "json", in: workspace).objects()
        #expect(program.map { $0["name"] as? String } == ["archive_orders", "update_users"])
        #expect(
            program[0].keys.sorted() == [
                "conflict_count", "conflicts", "name", "outside", "tables", "uses_down", "version",
            ]
        )
        #expect((program[1]["tables"] as? [[String: Any]])?.first?["restored"] as? Int == 10)
    }

    @Test func aPlanWithNothingToTakeBackExitsWith0() async throws {
        let workspace = try await workspace()
        #expect(try await plan(in: workspace).code == 0)
        try await workspace.execute("UPDATE users SET slug = 'there'")
        #expect(try workspace.run("db:data:run", "update_users").code == 0)
        let outcome = try await plan(in: workspace)
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("nothing to take back"))
    }

    @Test func aPlanShowsRowsThatWereChangedSinceWithBothValues() async throws {
        let workspace = try await workspace(ran: "update_users")
        try await workspace.execute("UPDATE users SET slug = 'mine' WHERE id = 7", "DELETE FROM users WHERE id = 8")
        let outcome = try await plan(in: workspace)
        #expect(outcome.code == 1)
        #expect(
            outcome.lines.contains(
                "  2 rows changed since; nothing would be rolled back, unless --on-conflict skip or force is given"
            )
        )
        #expect(
            outcome.output.contains(
                """
                    users {"id":7}: the row was changed since the migration wrote it
                      before:   {"slug":null}
                      migrated: {"slug":"user-7"}
                      now:      {"slug":"mine"}

                """
            )
        )
        #expect(outcome.output.contains("      migrated: {\"slug\":\"user-8\"}\n      now:      gone\n"))
        let skipped = try await plan("--on-conflict", "skip", in: workspace)
        #expect(skipped.code == 2)
        #expect(skipped.output.contains("2 rows changed since; they stay as they are"))
        let forced = try await plan("--on-conflict", "force", "--output", "json", in: workspace)
        #expect(forced.code == 2)
        let conflicts = try #require(try forced.objects()[0]["conflicts"] as? [[String: Any]])
        let keys = conflicts.compactMap { $0["key"] as? String }
        #expect(keys.sorted() == [#"{"id":7}"#, #"{"id":8}"#])
        let changed = try #require(conflicts.first { $0["key"] as? String == #"{"id":7}"# })
        #expect(changed.keys.sorted() == ["before", "key", "now", "reason", "table", "wrote"])
    }

    @Test func rowsThatWereChangedSinceStopARollback() async throws {
        let workspace = try await workspace(ran: "update_users")
        try await workspace.execute("UPDATE users SET slug = 'mine' WHERE id = 7")
        for arguments in [[], ["--on-conflict", "stop"]] as [[String]] {
            let outcome = try Program(["db:data:rollback"] + arguments, in: workspace.folder).finish()
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("azu: update_users: 1 row was changed since the migration"))
            #expect(outcome.errors.contains("--plan shows them"))
        }
        #expect(try await slugs(workspace).count == 10)
        #expect(try await workspace.number("SELECT count(*) FROM data_migrations") == 1)
    }

    @Test func rowsThatWereChangedSinceStayWhereTheyAreSkipped() async throws {
        let workspace = try await workspace(ran: "update_users")
        try await workspace.execute("UPDATE users SET slug = 'mine' WHERE id = 7")
        let outcome = try workspace.run("db:data:rollback", "--on-conflict", "skip")
        #expect(outcome.code == 3)
        #expect(outcome.output.contains("9 changed, 1 left as they are"))
        #expect(try await slugs(workspace) == [["7", "mine"]])
        let failures = try workspace.run("db:data:failures", "update_users", "--output", "json")
        #expect(try failures.objects().map { $0["row"] as? String } == [#"users {"id":7}"#])
        #expect(try await workspace.number("SELECT count(*) FROM data_migrations") == 0)
    }

    @Test func rowsThatWereChangedSinceAreOverwrittenWhereThatIsForced() async throws {
        let workspace = try await workspace(ran: "update_users")
        try await workspace.execute("UPDATE users SET slug = 'mine' WHERE id = 7")
        let outcome = try workspace.run("db:data:rollback", "--on-conflict", "force")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try await slugs(workspace).isEmpty)
        #expect(try workspace.run("db:data:rollback", "--on-conflict", "maybe").code == 64)
    }

    @Test func aDownOfItsOwnIsTriedAndRolledBack() async throws {
        let workspace = try await workspace(ran: "reversible")
        let outcome = try await plan(in: workspace)
        #expect(outcome.code == 2)
        #expect(
            outcome.lines == [
                "20240101000007 reversible", "  its own down takes it back; it ran through, and was rolled back",
            ]
        )
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE marked = 1") == 10)
        let program = try await plan("--output", "json", in: workspace).objects()
        #expect(program[0]["uses_down"] as? Bool == true)
        try await workspace.execute("ALTER TABLE users RENAME COLUMN marked TO was_marked")
        let failed = try await plan(in: workspace)
        #expect(failed.code == 1)
        #expect(failed.errors.contains("azu: reversible: no such column: marked"))
    }

    @Test func whatNoJournalTakesBackIsOnlyLeftOnPurpose() async throws {
        let workspace = try await workspace(1_005, ran: "cap_orders")
        for outcome in [
            try workspace.run("db:data:rollback"), try await plan(in: workspace),
            try await plan("--on-conflict", "force", in: workspace),
        ] {
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("UPDATE posts SET title = upper(title)"))
            #expect(outcome.errors.contains("--journaled-only"))
        }
        let shown = try await plan("--journaled-only", in: workspace)
        #expect(shown.code == 2)
        #expect(
            shown.lines == [
                "20240101000009 cap_orders", "  orders: 2 rows get their old values back",
                "  not in the journal, so it stays: UPDATE posts SET title = upper(title)",
            ]
        )
        #expect(try workspace.run("db:data:rollback", "--journaled-only").code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM orders WHERE total > 1000") == 2)
        #expect(try await workspace.number("SELECT count(*) FROM posts WHERE title GLOB 'POST *'") == 1_005)
        #expect(try await workspace.number("SELECT count(*) FROM data_migrations") == 0)
    }

    @Test func whatWasNeverRunCanNotBePlanned() async throws {
        let workspace = try await workspace()
        let outcome = try await plan("--version", "update_users", in: workspace)
        #expect(outcome.code == 1)
        #expect(outcome.errors == "azu: update_users was not run, so there is nothing to roll back\n")
    }
}
