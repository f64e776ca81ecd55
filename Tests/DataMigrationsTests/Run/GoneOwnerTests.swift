#if os(Linux)
import DataMigrations
import DataMigrationsTesting
import Database
import Foundation
import SQLiteDriver
import Testing

@Suite struct GoneOwnerTests {
    /// A process that has ended, and whose parent has not asked how.
    private func zombie() throws -> pid_t {
        var process = pid_t()
        let path = strdup("/bin/true")
        defer { free(path) }
        try #require(posix_spawn(&process, "/bin/true", nil, nil, [path, nil], nil) == 0)
        // Waits for the end, and leaves the process as it is.
        var info = siginfo_t()
        try #require(waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) == 0)
        return process
    }

    @Test func aProcessThatWasKilledAndIsNotReapedHoldsNothing() async throws {
        let database = try await TestDatabase()
        try await makeUsers(300, in: database.connection)
        let stop = StopSignal()
        stop.request("test")
        let stopped = try await Runner(database.connection, stop: stop).migrate(entry(BackfillSlugs()))
        #expect(stopped?.status == .cancelled)
        let process = try zombie()
        defer { waitpid(process, nil, 0) }
        let owner = "\(ProcessInfo.processInfo.hostName)/\(process)/x"
        try await database.execute(
            "UPDATE data_migration_slices SET owner = \(owner), epoch = epoch + 1, lease_until = \(Int64.max / 2)"
        )
        try await database.execute("UPDATE data_migration_runs SET status = 'paused'")
        let live = try await Runner(database.connection).liveRuns()
        #expect(live.map(\.processes) == [[]])
        #expect(live.map(\.isAgain) == [false])
        let isHeld = try await Runner(database.connection).resume(entry(BackfillSlugs())).isHeld
        #expect(!isHeld, "nobody is there to go on")

        let report = try await Runner(database.connection).migrate(entry(BackfillSlugs()))
        #expect(report?.status == .succeeded)
        #expect(try await database.query("SELECT 1 FROM users WHERE slug IS NULL").isEmpty)
    }
}
#endif
