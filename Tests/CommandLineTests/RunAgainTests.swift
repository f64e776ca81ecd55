import Database
import Foundation
import Testing

/// A migration that is finished is run once more, on purpose.
@Suite struct RunAgainTests {
    private func workspace(_ rows: Int = 600) async throws -> Workspace {
        let workspace = try Workspace()
        try await workspace.fill(rows)
        #expect(try workspace.run("db:data:run", "copy_posts").code == 0)
        return workspace
    }

    private func copies(_ workspace: Workspace) async throws -> [Int] {
        [
            try await workspace.number("SELECT count(*) FROM articles"),
            try await workspace.number("SELECT count(*) FROM comments"),
        ]
    }

    @Test func onlyAfterAnAnswer() async throws {
        let workspace = try await workspace()
        let before = try await workspace.contents()
        let asked = try workspace.run("db:data:run", "copy_posts", "--again")
        #expect(asked.code == 1)
        #expect(asked.errors.contains("copy_posts ran to the end before."))
        #expect(asked.errors.contains("--yes"))
        #expect(asked.output.isEmpty)
        #expect(try await workspace.contents() == before)
    }

    @Test func withAllItsRowsAndARunOfItsOwn() async throws {
        let workspace = try await workspace()
        let executed = try await workspace.texts("SELECT * FROM data_migrations")
        #expect(try workspace.run("db:data:run", "copy_posts").output.hasPrefix("nothing to do"))
        let again = try workspace.run("db:data:run", "copy_posts", "--again", "--yes")
        #expect(again.code == 0, "\(again.errors)")
        #expect(again.output.contains("✓ 20240101000002 copy_posts: 1\u{202F}200 inserted"))
        #expect(try await copies(workspace) == [1_200, 1_200])
        #expect(try await workspace.texts("SELECT * FROM data_migrations") == executed)
        let runs = try await workspace.texts("SELECT status, verification FROM data_migration_runs ORDER BY id")
        #expect(runs == [["succeeded", "passed"], ["succeeded", "passed"]])
        #expect(try workspace.run("db:data:require", "copy_posts").code == 0)
        let status = try workspace.run("db:data:status", "--output", "json").objects()[1]
        #expect(status["status"] as? String == "succeeded")
        #expect(status["executed_at"] as? String == executed[0][3])
        #expect((status["journal"] as? [String: Any])?["rows"] as? Int == 2_400)
    }

    @Test func andARollbackTakesBothRunsBack() async throws {
        let workspace = try await workspace()
        #expect(try workspace.run("db:data:run", "copy_posts", "--again", "--yes").code == 0)
        let plan = try workspace.run("db:data:rollback", "--plan")
        #expect(plan.code == 2)
        #expect(plan.output.contains("  articles: 1\u{202F}200 rows are deleted\n"))
        #expect(try workspace.run("db:data:rollback").code == 0)
        #expect(try await copies(workspace) == [0, 0])
        let states = try await workspace.texts("SELECT status FROM data_migration_runs")
        #expect(states == [["rolled_back"], ["rolled_back"]])
        #expect(try await workspace.number("SELECT count(*) FROM data_migrations") == 0)
        #expect(try workspace.run("db:data:run", "copy_posts").code == 0)
        #expect(try await copies(workspace) == [600, 600])
    }

    @Test func butOneThatIsNotFinishedIsNotAskedFor() async throws {
        let workspace = try await workspace(20)
        let outcome = try workspace.run("db:data:run", "archive_orders", "--again")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try await workspace.number("SELECT count(*) FROM archived_orders") == 20)
    }
}
