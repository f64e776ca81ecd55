import Database
import Foundation
import Testing

/// The journal is looked into, and old parts of it are removed.
@Suite struct JournalCommandTests {
    private func workspace(ran migrations: String...) async throws -> Workspace {
        let workspace = try Workspace()
        try await workspace.fill(1_200)
        for migration in migrations { #expect(try workspace.run("db:data:run", migration).code == 0) }
        return workspace
    }

    /// Has all runs end some time ago.
    private func age(_ workspace: Workspace, by modifier: String) async throws {
        try await workspace.execute("UPDATE data_migration_runs SET finished_at = datetime('now', \(modifier))")
    }

    @Test func theSizeIsToldForEachMigration() async throws {
        let workspace = try await workspace()
        let empty = try workspace.run("db:data:journal", "size")
        #expect(empty.code == 0)
        #expect(empty.output == "the journal is empty\n")
        #expect(try await workspace.number("SELECT count(*) FROM sqlite_master WHERE name LIKE 'data_migration%'") == 0)

        #expect(try workspace.run("db:data:run", "update_users", "copy_posts").code == 0)
        let sizes = try workspace.run("db:data:journal")
        #expect(sizes.code == 0)
        #expect(sizes.lines.count == 3)
        let words = sizes.lines[1].split(separator: " ").map(String.init)
        #expect(words.prefix(4) == ["20240101000001", "update_users", "3", "1\u{202F}200"])
        #expect(sizes.lines[2].contains("copy_posts"))
        let objects = try workspace.run("db:data:journal", "size", "--output", "json").objects()
        #expect(objects.count == 9)
        let journal = try #require(objects[1]["journal"] as? [String: Any])
        #expect(journal.keys.sorted() == ["bytes", "entries", "inflated", "outside", "rows"])
        #expect(journal["rows"] as? Int == 2_400)
        #expect((objects[8]["journal"] as? [String: Any])?["entries"] as? Int == 0)
    }

    @Test func whatHappenedToARowIsShown() async throws {
        let workspace = try await workspace(ran: "update_users", "copy_posts", "archive_orders")
        let user = try workspace.run("db:data:journal", "show", "update_users", "--row", "7")
        #expect(user.code == 0)
        #expect(user.lines.count == 3)
        #expect(user.lines[0].hasSuffix(#"  changed  users {"id":7}"#))
        #expect(Array(user.lines[1...]) == [#"  before: {"slug":null}"#, #"  after:  {"slug":"user-7"}"#])

        let key = #"{"id":7}"#
        let order = try workspace.run("db:data:journal", "show", "archive_orders", "--row", key, "--output", "json")
        let object = try #require(try order.objects().first)
        #expect(object.keys.sorted() == ["at", "before", "key", "kind", "table"])
        #expect(object["kind"] as? String == "deleted")
        #expect(object["before"] as? String == #"{"id":7,"total":7}"#)
        // The same key in two tables.
        let posts = try workspace.run("db:data:journal", "show", "copy_posts", "--row", "7", "--output", "json")
        #expect(try posts.objects().map { $0["table"] as? String } == ["articles", "comments"])
        #expect(try posts.objects().allSatisfy { $0["kind"] as? String == "inserted" })

        let none = try workspace.run("db:data:journal", "show", "update_users", "--row", "5000")
        #expect(none.code == 0)
        #expect(none.output.isEmpty)
        #expect(none.errors == "the journal of update_users has no row 5000\n")
        #expect(try workspace.run("db:data:journal", "show", "update_users").code == 64)
    }

    @Test func itIsOnlyRemovedOnPurpose() async throws {
        let workspace = try await workspace(ran: "update_users")
        try await age(workspace, by: "-5 seconds")
        let asked = try workspace.run("db:data:journal", "prune", "--older-than", "0s")
        #expect(asked.code == 1)
        #expect(asked.errors.contains("--yes"))
        #expect(try await workspace.number("SELECT count(*) FROM data_migration_journal") == 3)
        #expect(try await workspace.texts("SELECT journal FROM data_migration_runs") == [["on"]])
    }

    @Test func whatIsRemovedKeepsARollbackFromBeginning() async throws {
        let workspace = try await workspace(ran: "update_users")
        try await age(workspace, by: "-5 seconds")
        let pruned = try workspace.run("db:data:journal", "prune", "--older-than", "0s", "--yes")
        #expect(pruned.code == 0)
        #expect(pruned.output.hasPrefix("removed the entries of 3 batches, "))
        #expect(try await workspace.number("SELECT count(*) FROM data_migration_journal") == 0)
        #expect(try workspace.run("db:data:journal", "size").output == "the journal is empty\n")
        #expect(try workspace.run("db:data:status").lines[1].contains("journal pruned"))
        for arguments in [["db:data:rollback"], ["db:data:rollback", "--plan"]] {
            let refused = try Program(arguments, in: workspace.folder).finish()
            #expect(refused.code == 1)
            #expect(refused.errors.contains("azu: update_users can't be rolled back: its journal was pruned"))
        }
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE slug IS NULL") == 0)
        #expect(try await workspace.texts("SELECT status FROM data_migration_runs") == [["succeeded"]])
    }

    @Test func youngerOnesAndThoseOfOthersStay() async throws {
        let workspace = try await workspace(ran: "update_users", "archive_orders")
        try await age(workspace, by: "-10 minutes")
        let young = try workspace.run("db:data:journal", "prune", "--older-than", "1h", "--yes")
        #expect(young.output == "removed the entries of 0 batches, 0 B\n")
        let one = try workspace.run("db:data:journal", "prune", "archive_orders", "--older-than", "9m", "--yes")
        #expect(one.output.hasPrefix("removed the entries of 3 batches, "))
        #expect(
            try await workspace.texts("SELECT name, journal FROM data_migration_runs ORDER BY id")
                == [["update_users", "on"], ["archive_orders", "pruned"]]
        )
        #expect(try workspace.run("db:data:rollback", "--version", "archive_orders").code == 1)
        #expect(try workspace.run("db:data:rollback", "--version", "update_users").code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE slug IS NULL") == 1_200)
    }

    @Test func wrongUsageIsToldSo() async throws {
        let workspace = try await workspace()
        for age in ["5w", "d", "-1d", "1.5h", "99999999999999999999d"] {
            #expect(try workspace.run("db:data:journal", "prune", "--older-than", age, "--yes").code == 64, "\(age)")
        }
        #expect(try workspace.run("db:data:journal", "prune", "--yes").code == 64)
        let unknown = try workspace.run("db:data:journal", "prune", "nobody", "--older-than", "1d", "--yes")
        #expect(unknown.code == 1)
        #expect(unknown.errors.contains("there is no data migration nobody"))
    }
}
