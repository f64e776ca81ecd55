import Database
import Foundation
import Testing

/// A run in one process, and somebody at another terminal.
@Suite(.serialized) struct ControlCommandTests {
    private static let rows = 60_000

    /// A run that would take a minute.
    private func start(_ workspace: Workspace, _ more: String...) throws -> Program {
        let arguments = ["db:data:run", "update_users", "--output", "json", "--max-rows-per-second", "1000"]
        let program = try Program(arguments + more, in: workspace.folder)
        try program.waitForOutput("\"batch\"")
        #expect(program.isRunning)
        return program
    }

    private func workspace() async throws -> Workspace {
        let workspace = try Workspace()
        try await workspace.fill(Self.rows)
        return workspace
    }

    private func written(_ workspace: Workspace) async throws -> Int {
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE writes > 1") == 0)
        return try await workspace.number("SELECT count(*) FROM users WHERE writes = 1")
    }

    private func watch(_ workspace: Workspace) throws -> [[String: Any]] {
        let outcome = try workspace.run("db:data:watch", "--once", "--output", "json")
        #expect(outcome.code == 0, "\(outcome.errors)")
        return try outcome.objects()
    }

    @Test func aRunIsPausedWatchedSetAndGoesOn() async throws {
        let workspace = try await workspace()
        let first = try start(workspace)
        let paused = try workspace.run("db:data:pause", "update_users")
        #expect(paused.code == 0, "\(paused.errors)")
        #expect(paused.output.hasPrefix("update_users is paused"))
        try first.waitForOutput("\"waiting\"")
        let done = try await written(workspace)
        #expect(done > 0 && done < Self.rows)

        let live = try #require(try watch(workspace).first)
        #expect(live["name"] as? String == "update_users")
        #expect(live["status"] as? String == "paused")
        #expect(live["waiting"] as? [String] == ["paused"])
        #expect((live["processes"] as? [String])?.count == 1)
        #expect((live["counters"] as? [String: Any])?["visited"] as? Int == done)
        let text = try workspace.run("db:data:watch", "update_users", "--once").output
        #expect(text.hasPrefix("paused  20240101000001 update_users"), "\(text)")
        #expect(try workspace.run("db:data:pause", "update_users").errors.contains("update_users is paused"))

        let set = try workspace.run("db:data:set", "update_users", "rows-per-second=1000000", "batch-size=2000")
        #expect(set.code == 0, "\(set.errors)")
        #expect(set.output == "update_users: batch-size=2000 rows-per-second=1000000\n")
        let resumed = try workspace.run("db:data:resume", "update_users")
        #expect(resumed.output == "update_users goes on\n", "\(resumed.errors)")
        let outcome = try first.finish()
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("\"going_on\""))
        #expect(try await written(workspace) == Self.rows)
        #expect(try watch(workspace).isEmpty)
    }

    @Test func aRunThatIsCancelledEndsAsOneThatIsStopped() async throws {
        let workspace = try await workspace()
        let first = try start(workspace)
        let cancelled = try workspace.run("db:data:cancel", "20240101000001")
        #expect(cancelled.code == 0, "\(cancelled.errors)")
        #expect(try first.finish().code == 4)
        let done = try await written(workspace)
        #expect(done > 0 && done < Self.rows)
        #expect(try workspace.run("db:data:cancel", "update_users").code == 1)
        #expect(try workspace.run("db:data:run", "update_users").code == 0)
        #expect(try await written(workspace) == Self.rows)
    }

    @Test func aPausedRunThatIsStoppedStaysPaused() async throws {
        let workspace = try await workspace()
        let first = try start(workspace)
        #expect(try workspace.run("db:data:pause", "update_users").code == 0)
        try first.waitForOutput("\"waiting\"")
        first.send(SIGTERM)
        #expect(try first.finish().code == 4)
        let done = try await written(workspace)
        let again = try workspace.run("db:data:migrate", "--version", "20240101000001")
        #expect(again.code == 4)
        #expect(again.output.contains("azu db:data:resume 20240101000001"))
        #expect(try await written(workspace) == done)
        let resumed = try workspace.run("db:data:resume", "update_users")
        #expect(resumed.output.contains("azu db:data:run 20240101000001"), "\(resumed.errors)")
        #expect(try workspace.run("db:data:run", "update_users").code == 0)
        #expect(try await written(workspace) == Self.rows)
    }

    @Test func beforeAnythingRanThereIsNothingToControl() async throws {
        let workspace = try Workspace()
        try await workspace.fill(10)
        for command in ["pause", "resume", "cancel"] {
            let outcome = try workspace.run("db:data:\(command)", "update_users")
            #expect(outcome.code == 1)
            #expect(outcome.errors == "azu: update_users was never run\n")
        }
        #expect(try workspace.run("db:data:set", "update_users", "workers=2").code == 1)
        #expect(try workspace.run("db:data:set", "update_users").code == 64)
        #expect(try workspace.run("db:data:pause").code == 64)
        let watched = try workspace.run("db:data:watch", "--once")
        #expect(watched.code == 0)
        #expect(watched.output == "no data migration goes on\n")
        #expect(try watch(workspace).isEmpty)
        #expect(try await workspace.number("SELECT count(*) FROM sqlite_master WHERE name LIKE 'data_%'") == 0)
    }

    @Test func limitsAreReadBeforeAnythingIsDone() async throws {
        let workspace = try Workspace()
        try await workspace.fill(10)
        for wrong in [["--throttle", "x=1"], ["--window", "25:00-26:00"], ["--max-rows-per-second", "0"]] {
            let outcome = try Program(["db:data:run", "update_users"] + wrong, in: workspace.folder).finish()
            #expect(outcome.code == 64)
            #expect(outcome.errors.contains(wrong[0]), "\(outcome.errors)")
        }
        #expect(try await written(workspace) == 0)
        let stopped = try workspace.run("db:data:run", "update_users", "--run-time", "0s")
        #expect(stopped.code == 4, "\(stopped.errors)")
        #expect(try workspace.run("db:data:run", "update_users", "--throttle", "off").code == 0)
        #expect(try await written(workspace) == 10)
    }
}
