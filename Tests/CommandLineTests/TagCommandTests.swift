import Database
import Foundation
import Testing

/// Migrations that are picked by their tags, and by the environment.
@Suite struct TagCommandTests {
    private func workspace() async throws -> Workspace {
        let workspace = try Workspace()
        try await workspace.fill(20)
        return workspace
    }

    private func executed(_ workspace: Workspace) async throws -> [[String?]] {
        try await workspace.texts("SELECT name FROM data_migrations ORDER BY version")
    }

    @Test func migrateTakesThoseWithATagOrWithoutOne() async throws {
        let workspace = try await workspace()
        let others = try workspace.runGiven("db:data:migrate", "--skip-tag", "orders")
        #expect(others.code == 0, "\(others.errors)")
        #expect(try await executed(workspace) == [["rename_people"]])
        let tagged = try workspace.runGiven(
            "db:data:migrate",
            "--tag",
            "nothing",
            "--tag",
            "orders",
            "--set",
            "limit=2"
        )
        #expect(tagged.code == 0, "\(tagged.errors)")
        #expect(tagged.errors.contains("no data migration has the tag nothing; there is after-deploy, orders"))
        #expect(try await executed(workspace) == [["discount_orders"], ["rename_people"]])
    }

    @Test func aMigrationForProductionIsSkippedElsewhere() async throws {
        let workspace = try await workspace()
        #expect(try workspace.runGiven("db:data:migrate", "--tag", "after-deploy", "--set", "limit=2").code == 0)
        #expect(try await executed(workspace) == [["discount_orders"]])
        #expect(try await workspace.number("SELECT count(*) FROM posts") == 20)
        let objects = try workspace.runGiven("db:data:status", "--output", "json").objects()
        #expect(objects.map { $0["status"] as? String } == ["succeeded", "skipped", "pending"])
        #expect(objects.map { $0["environments"] as? [String] } == [[], ["production"], []])
        #expect(objects[0]["tags"] as? [String] == ["after-deploy", "orders"])
        let gate = try workspace.runGiven("db:data:require", "purge_posts")
        #expect(gate.code == 1)
        let plan = try workspace.runGiven("db:data:plan", "--tag", "after-deploy")
        #expect(plan.code == 0, "\(plan.output)")
        let named = try workspace.runGiven("db:data:plan", "purge_posts")
        #expect(named.code == 2)
        #expect(named.output.contains("note: only in production"), "\(named.output)")
    }

    @Test func runRefusesItUnlessToldOtherwise() async throws {
        let workspace = try await workspace()
        let refused = try workspace.runGiven("db:data:run", "purge_posts")
        #expect(refused.code == 1)
        #expect(refused.errors.contains("meant for production only, and this is development; --any-environment"))
        #expect(try await workspace.number("SELECT count(*) FROM posts") == 20)
        #expect(try workspace.runGiven("db:data:run", "purge_posts", "--any-environment").code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM posts") == 0)
        let status = try workspace.runGiven("db:data:status", "--tag", "after-deploy", "--output", "json").objects()
        #expect(status.map { $0["status"] as? String } == ["pending", "succeeded"])
    }

    @Test func inProductionItRunsLikeAnyOther() async throws {
        let workspace = try await workspace()
        let outcome = try workspace.runGiven(
            "db:data:migrate",
            "--env",
            "production",
            "--yes",
            "--skip-tag",
            "orders"
        )
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try await executed(workspace) == [["purge_posts"], ["rename_people"]])
        #expect(try await workspace.number("SELECT count(*) FROM posts") == 0)
    }

    @Test func withTheSchemaOnesForOtherEnvironmentsAreSkippedAndValuesAreGiven() async throws {
        let workspace = try await workspace()
        let without = try workspace.runGiven("db:migrate", "--set", "limit=11")
        #expect(without.code == 64)
        #expect(without.errors.contains("say --with-data, too"), "\(without.errors)")
        let lacking = try workspace.runGiven("db:migrate", "--with-data")
        #expect(lacking.code == 1)
        #expect(lacking.errors.contains("discount_orders needs a value for limit"), "\(lacking.errors)")
        let strict = try workspace.runGiven("db:migrate", "--with-data", "--strict", "--set", "limit=11")
        #expect(strict.code == 0, "\(strict.errors)")
        #expect(try await executed(workspace) == [["discount_orders"], ["rename_people"]])
        #expect(try await workspace.number("SELECT count(*) FROM posts") == 20)
        let statuses = try workspace.runGiven("db:status", "--output", "json").objects()
        #expect(statuses.map { $0["status"] as? String } == ["succeeded", "skipped", "succeeded"])
        // One that is skipped is not late, however new the others are.
        #expect(try workspace.runGiven("db:migrate", "--with-data", "--strict").code == 0)
    }

    @Test func theTableOfTheStatusShowsTags() async throws {
        let workspace = try await workspace()
        let lines = try workspace.runGiven("db:data:status").lines
        #expect(lines.count == 4)
        #expect(lines[0].hasSuffix("tags"), "\(lines[0])")
        #expect(lines[1].contains("after-deploy, orders"))
        #expect(lines[2].hasPrefix("skipped") && lines[2].contains("only in production"))
        #expect(lines[3].contains("source unknown"))
    }
}
