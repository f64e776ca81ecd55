import Database
import Foundation
import Testing

/// Values that a run is given on the command line.
@Suite struct ParameterCommandTests {
    private func workspace() async throws -> Workspace {
        let workspace = try Workspace()
        try await workspace.fill(1_003)
        return workspace
    }

    private func sum(_ workspace: Workspace) async throws -> Int {
        try await workspace.number("SELECT sum(total) FROM orders")
    }

    @Test func aValueIsSetRecordedAndGivenToTheMigration() async throws {
        let workspace = try await workspace()
        let before = try await sum(workspace)
        let outcome = try workspace.runGiven(
            "db:data:run",
            "discount_orders",
            "--set",
            "limit=11",
            "--set",
            "discount=3"
        )
        #expect(outcome.code == 0, "\(outcome.errors)")
        // Totals from 0 to 10, one each.
        #expect(try await sum(workspace) == before - 33)
        let arguments = try await workspace.texts("SELECT arguments FROM data_migration_runs")[0][0] ?? ""
        #expect(arguments.contains(#""parameters":{"discount":3,"limit":11,"rounding":null}"#), "\(arguments)")
        let verified = try workspace.runGiven("db:data:verify", "discount_orders")
        #expect(verified.code == 0, "\(verified.errors)")
    }

    static let wrong: [(arguments: [String], code: Int32, parts: [String])] = [
        (["db:data:run", "discount_orders"], 1, ["needs a value for limit (Orders below this total are discounted.)"]),
        (["db:data:migrate"], 1, ["discount_orders needs a value for limit", "--set limit=…"]),
        (["db:data:run", "discount_orders", "--set", "limit=many"], 1, ["takes an integer"]),
        (["db:data:run", "discount_orders", "--set", "limit=-4321"], 1, ["is refused by its validation"]),
        (["db:data:run", "discount_orders", "--set", "limit=5", "--set", "rounding=sideways"], 1, ["one of up, down"]),
        (
            ["db:data:run", "discount_orders", "--set", "most=5"], 1,
            ["parameter most", "has limit, discount, rounding"]
        ),
        (
            ["db:data:migrate", "--set", "most=5"], 1,
            ["parameter most", "discount_orders has", "rename_people has newName"]
        ),
        (["db:data:run", "discount_orders", "--set", "limit"], 64, ["--set"]),
        (["db:data:run", "discount_orders", "--set", "limit=1", "--set", "limit=2"], 64, ["stands twice"]),
    ]

    @Test(arguments: wrong.indices) func whatIsWrongIsToldBeforeAnythingIsWritten(_ index: Int) async throws {
        let (arguments, code, parts) = Self.wrong[index]
        let workspace = try await workspace()
        let before = try await workspace.contents()
        let outcome = try Program(arguments, in: workspace.folder, environment: ["AZU_FIXTURE": "given"]).finish()
        #expect(outcome.code == code, "\(outcome.errors)")
        for part in parts { #expect(outcome.errors.contains(part), "\(part) in \(outcome.errors)") }
        for value in ["many", "4321", "sideways"] { #expect(!outcome.errors.contains(value)) }
        #expect(try await workspace.contents() == before)
    }

    @Test func migrateGivesAValueToThoseThatHaveIt() async throws {
        let workspace = try await workspace()
        try await workspace.execute("INSERT INTO people (legacy_id, name) VALUES (1, 'Bob')")
        let outcome = try workspace.runGiven("db:data:migrate", "--set", "limit=1", "--set", "new-name=Ada")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try await workspace.texts("SELECT name FROM people") == [["Ada"]])
        #expect(
            try await workspace.texts("SELECT name FROM data_migrations ORDER BY version")
                == [["discount_orders"], ["rename_people"]]
        )
        #expect(try workspace.runGiven("db:data:migrate").output.hasPrefix("nothing to do"))
        // A script may say the same each time.
        let again = try workspace.runGiven("db:data:migrate", "--set", "limit=7", "--set", "newName=Eve")
        #expect(again.code == 0, "\(again.errors)")
        #expect(again.output.hasPrefix("nothing to do"))
        #expect(try await workspace.texts("SELECT name FROM people") == [["Ada"]])
    }

    @Test func aFinishedRunWithAnotherValueIsNoSilentSuccess() async throws {
        let workspace = try await workspace()
        #expect(try workspace.runGiven("db:data:run", "discount_orders", "--set", "limit=2").code == 0)
        let before = try await sum(workspace)
        let other = try workspace.runGiven("db:data:run", "discount_orders", "--set", "limit=3")
        #expect(other.code == 1)
        #expect(other.errors.contains("another limit") && other.errors.contains("--again"), "\(other.errors)")
        #expect(try await sum(workspace) == before)
        let again = try workspace.runGiven("db:data:run", "discount_orders", "--set", "limit=3", "--again", "--yes")
        #expect(again.code == 0, "\(again.errors)")
        #expect(try await sum(workspace) == before - 3)
    }

    @Test func aPreviewTakesValuesAndSaysWhatIsMissing() async throws {
        let workspace = try await workspace()
        let missing = try workspace.runGiven("db:data:plan", "discount_orders")
        #expect(missing.code == 1)
        #expect(missing.output.contains("would fail: discount_orders needs a value for limit"), "\(missing.output)")
        let given = try workspace.runGiven("db:data:plan", "discount_orders", "--set", "limit=5", "--output", "json")
        #expect(given.code == 2, "\(given.errors)")
        let preview = try #require(try given.objects().first)
        #expect((preview["counters"] as? [String: Any])?["visited"] as? Int == 5)
        let dry = try workspace.runGiven("db:data:migrate", "--dry-run", "--set", "limit=5")
        #expect(dry.code == 2, "\(dry.output)")
    }

    @Test func aMigrationIsShownWithItsParameters() async throws {
        let workspace = try await workspace()
        let text = try workspace.runGiven("db:data:show", "discount_orders")
        #expect(text.code == 0, "\(text.errors)")
        // Columns are as wide as what is in them.
        let lines = text.lines.map { $0.split(separator: " ").joined(separator: " ") }
        for line in [
            "20240201000001 discount_orders", "status pending", "rows orders, in place", "tags after-deploy, orders",
            "limit integer, required Orders below this total are discounted.",
            "discount integer, usually 1 How much less they cost.", "rounding up|down, optional",
        ] {
            #expect(lines.contains(line), "\(line) in \(text.output)")
        }
        #expect(try await workspace.number("SELECT count(*) FROM sqlite_master WHERE name LIKE 'data_migration%'") == 0)
        _ = try workspace.runGiven("db:data:run", "discount_orders", "--set", "limit=2")
        let shown = try workspace.runGiven("db:data:show", "20240201000001", "--output", "json")
        let object = try #require(try shown.objects().first)
        #expect(object["status"] as? String == "succeeded")
        #expect(object["kind"] as? String == "rows")
        #expect((object["options"] as? [String: Any])?["batch_size"] as? Int == 500)
        let parameters = try #require(object["parameters"] as? [[String: Any]])
        #expect(parameters.map { $0["name"] as? String } == ["limit", "discount", "rounding"])
        #expect(parameters.map { $0["value"] as? String } == ["2", "1", ""])
        #expect(parameters.map { $0["default"] as? String } == [nil, "1", nil])
        #expect(parameters[2]["choices"] as? [String] == ["up", "down"])
    }
}
