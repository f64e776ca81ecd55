import ArgumentParser
import DataMigrations
import Foundation

/// The command `azu db:data:watch [V]`.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:watch",
        abstract: "Show the runs that go on, of every host. Writes nothing.",
        discussion: .discussion(
            "Of one migration, until its run is over; of all, until it is interrupted.",
            examples: [
                "All that goes on": "azu db:data:watch",
                "One, until it is over": "azu db:data:watch backfill_user_slugs",
                "Once, for a program": "azu db:data:watch --once --output json",
            ]
        )
    )

    @Argument(help: ArgumentHelp("A version or a name; all, without one.", valueName: "version|name"))
    var migration: String?

    @OptionGroup var workspace: WorkspaceOptions

    @Flag(help: "Show what goes on now, and end.")
    var once = false

    @Option(help: ArgumentHelp("How often to look.", valueName: "time"))
    var interval = TimeSpan.second

    @Option(help: "What to print: text, or json (one object a line).")
    var output: OutputFormat = .text

    func run() async throws {
        let version = try migration.map { try AzuProgram.requirePlan().entry($0).version }
        let settings = try workspace.settings()
        let runner = Runner(try await settings.connect(), root: settings.root)
        var board = WatchBoard(isTerminal: isatty(STDOUT_FILENO) == 1 && !once, format: output)
        while true {
            let runs = try await runner.liveRuns().filter { version == nil || $0.version == version }
            board.show(runs, at: Uptime.now)
            if once || (runs.isEmpty && version != nil) { break }
            try await Task.sleep(for: max(interval.duration, .milliseconds(100)))
        }
        await runner.connection.close()
    }
}
