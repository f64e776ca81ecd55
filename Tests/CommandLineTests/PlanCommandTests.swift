import Database
import Foundation
import SQLiteDriver
import Testing

/// What migrations would do is printed, and nothing is written.
@Suite struct PlanCommandTests {
    /// Runs a command that must leave the database as it is.
    private func look(
        _ arguments: String...,
        in workspace: Workspace,
        environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Program.Outcome {
        let before = try await workspace.contents()
        let outcome = try Program(arguments, in: workspace.folder, environment: environment).finish()
        let after = try await workspace.contents()
        #expect(after == before, sourceLocation: sourceLocation)
        return outcome
    }

    private func workspace(_ rows: Int = 10) async throws -> Workspace {
        let workspace = try Workspace()
        try await workspace.fill(rows)
        return workspace
    }

    @Test func theExitCodeSaysWhetherThereIsWork() async throws {
        let workspace = try await workspace()
        #expect(try await look("db:data:plan", "update_users", in: workspace).code == 2)
        #expect(try await look("db:data:plan", "20240101000002", "import_people", in: workspace).code == 2)
        let failed = try await look("db:data:plan", "missing_table", "update_users", in: workspace)
        #expect(failed.code == 1)
        #expect(failed.lines[0] == "20240101000006 missing_table")
        #expect(failed.lines[1].hasPrefix("  would fail: missing_table: there is no table ghosts"))
        #expect(failed.lines[2].hasPrefix("20240101000001 update_users: 10 rows of users to visit"))
        // Of all that are not executed, two do not fit.
        #expect(try await look("db:data:plan", in: workspace).code == 1)

        #expect(try workspace.run("db:data:run", "update_users").code == 0)
        let executed = try await look("db:data:plan", "update_users", in: workspace)
        #expect(executed.code == 0)
        #expect(
            executed.lines == [
                "20240101000001 update_users: nothing to do", "  note: it is executed already", "nothing to do",
            ]
        )
        try await workspace.execute("UPDATE users SET marked = 1")
        #expect(try await look("db:data:plan", "mark_users", in: workspace).code == 0)
    }

    @Test func aDryRunIsThePlanOfWhatWouldRun() async throws {
        let workspace = try await workspace()
        let both = try await look("db:data:migrate", "--dry-run", "--version", "copy_posts", in: workspace)
        #expect(both.code == 2)
        let heads = both.lines.filter { $0.hasPrefix("2024") }.map { String($0.prefix(27)) }
        #expect(heads == ["20240101000001 update_users", "20240101000002 copy_posts: "])
        let first = try await look("db:data:migrate", "--dry-run", "--steps", "1", "--output", "json", in: workspace)
        #expect(first.code == 2)
        #expect(try first.objects().map { $0["name"] as? String } == ["update_users"])
        #expect(try await look("db:data:migrate", "--dry-run", in: workspace).code == 1)

        #expect(try workspace.run("db:data:migrate", "--version", "copy_posts").code == 0)
        let none = try await look("db:data:migrate", "--dry-run", "--version", "copy_posts", in: workspace)
        #expect(none.code == 0)
        #expect(none.output == "nothing to do\n")
    }

    @Test func rowsAreShownBeforeAndAfterWithTheSQLThatChangesThem() async throws {
        let workspace = try await workspace(30)
        let outcome = try await look("db:data:plan", "update_users", "--show", "3", in: workspace)
        let lines = outcome.lines
        #expect(lines.first?.hasPrefix("20240101000001 update_users: 30 rows of users to visit, ") == true)
        let rows = lines.filter { $0.contains("~ users") }
        #expect(rows == (1...3).map { #"    ~ users {"id":\#($0)}  slug: NULL → user-\#($0)"# })
        #expect(lines.contains("    1 batch tried: 30 read, 30 changed"))
        #expect(lines.contains(#"    UPDATE "users" SET "slug" = ? WHERE "id" = ?  (1×)"#))
        #expect(lines.contains("    users: counts"))
        #expect(outcome.errors.isEmpty)
    }

    @Test func noColourAndNoValueIsPrintedWhereNobodyWantsIt() async throws {
        let workspace = try await workspace(30)
        try await workspace.execute("UPDATE users SET name = 'bad' WHERE id = 3")
        for migration in ["update_users", "copy_posts", "archive_orders", "import_people", "reversible", "cap_orders"] {
            let outcome = try await look("db:data:plan", migration, in: workspace)
            #expect(outcome.code == 2)
            #expect(!outcome.output.contains("\u{1b}"))
            let start = try #require(outcome.lines.firstIndex(of: "  the SQL:"))
            let statements = outcome.lines[(start + 1)...].prefix { $0.hasPrefix("    ") }
            #expect(!statements.isEmpty)
            #expect(statements.allSatisfy { $0.hasSuffix("×)") })
            for value in ["user-", "post ", "POST ", "Person", "bad"] {
                #expect(statements.allSatisfy { !$0.contains(value) }, "\(migration): \(value)")
            }
            // What is interpolated is bound.
            if migration == "cap_orders" { #expect(statements.allSatisfy { !$0.contains("1000") }) }
        }
    }

    @Test func aProgramGetsOneObjectALine() async throws {
        let workspace = try await workspace(30)
        try await workspace.execute("UPDATE users SET name = 'bad' WHERE id = 3")
        let outcome = try await look(
            "db:data:plan",
            "update_users",
            "import_people",
            "missing_column",
            "--output",
            "json",
            in: workspace
        )
        #expect(outcome.code == 1)
        #expect(outcome.errors.isEmpty)
        let objects = try outcome.objects()
        #expect(objects.map { $0["name"] as? String } == ["update_users", "import_people", "missing_column"])
        let users = objects[0]
        #expect(
            users.keys.sorted() == [
                "batches", "counters", "has_work", "locks", "name", "notes", "quarantined", "rows", "seconds_at_best",
                "seconds_at_worst", "sources", "statements", "triggers", "version",
            ]
        )
        #expect(users["has_work"] as? Bool == true)
        #expect((users["counters"] as? [String: Any])?["changed"] as? Int == 29)
        let source = try #require((users["sources"] as? [[String: Any]])?.first)
        #expect(source.keys.sorted() == ["is_exact", "label", "plan", "query", "rows", "warnings"])
        #expect(source["rows"] as? Int == 30)
        let row = try #require((users["rows"] as? [[String: Any]])?.first)
        #expect(row.keys.sorted() == ["fields", "key", "kind", "table"])
        #expect(row["kind"] as? String == "changed")
        let field = try #require((row["fields"] as? [[String: Any]])?.first)
        #expect(field as? [String: String] == ["column": "slug", "after": "user-1"])
        let bad = try #require((users["quarantined"] as? [[String: Any]])?.first)
        #expect(
            bad as? [String: String] == [
                "row": "[3]", "error": "the name is bad", "original": #"{"id":3,"name":"bad","slug":null}"#,
            ]
        )
        #expect((users["statements"] as? [[String: Any]])?.first?.keys.sorted() == ["count", "sql"])
        let file = try #require((objects[1]["sources"] as? [[String: Any]])?.first)
        #expect(file["label"] as? String == "people.csv")
        #expect(file["rows"] as? Int == 30)
        #expect((file["bytes"] as? Int ?? 0) > 500)
        #expect(objects[2]["has_work"] as? Bool == false)
        #expect((objects[2]["error"] as? String)?.contains("no column nickname") == true)
    }

    @Test func badRowsAreListed() async throws {
        let workspace = try await workspace(30)
        try await workspace.execute("UPDATE users SET name = 'bad' WHERE id IN (3, 5)")
        let outcome = try await look("db:data:plan", "update_users", in: workspace)
        #expect(outcome.code == 2)
        #expect(outcome.output.contains("  would be put aside:\n    [3]  the name is bad\n    [5]  the name is bad\n"))
        #expect(outcome.output.contains("30 read, 28 changed, 2 put aside"))
    }

    @Test func productionIsNotAskedFor() async throws {
        let workspace = try await workspace()
        let environment = ["AZU_ENV": "production"]
        let plan = try await look("db:data:plan", "update_users", in: workspace, environment: environment)
        #expect(plan.code == 2)
        let dry = try await look(
            "db:data:migrate",
            "--dry-run",
            "--steps",
            "1",
            in: workspace,
            environment: environment
        )
        #expect(dry.code == 2)
    }

    @Test func aDatabaseThatAnotherProcessLocksFails() async throws {
        let workspace = try await workspace()
        let holder = try await workspace.connect()
        try await holder.run([.begin])
        let outcome = try workspace.run("db:data:plan", "update_users")
        try await holder.run([.rollback])
        await holder.close()
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("locked by another process"))
    }

    @Test func wrongUsageIsToldSo() async throws {
        let workspace = try await workspace()
        #expect(try workspace.run("db:data:plan", "--sample", "0").code == 64)
        #expect(try workspace.run("db:data:plan", "--show", "-1").code == 64)
        let unknown = try workspace.run("db:data:plan", "update_user")
        #expect(unknown.code == 1)
        #expect(unknown.errors.contains("did you mean update_users?"))
    }
}
