import ArgumentParser
import DataMigrations
import Foundation

/// Which run a command is about that works through the ledger.
struct ControlOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("A version or a name.", valueName: "version|name"))
    var migration: String

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var output: OutputOption

    /// Tells what was done, to a person or to a program.
    func tell(_ text: String, _ record: ControlRecord) {
        switch output.format {
        case .text: Console.advise(text)
        case .json: Console.json(record)
        }
    }

    /// Does something with the run.
    func control(_ body: (Runner, MigrationPlan.Entry) async throws -> Void) async throws {
        let entry = try AzuProgram.requirePlan().entry(migration)
        let settings = try workspace.settings()
        let runner = Runner(
            try await settings.connect(),
            observer: NotedMessages(),
            root: settings.root,
            environment: settings.environment,
            hooks: try settings.hooks()
        )
        do {
            try await body(runner, entry)
        } catch {
            await runner.connection.close()
            throw error
        }
        await runner.connection.close()
    }
}

/// The command `azu db:data:pause V`.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:pause",
        abstract: "Have a run wait behind its next batch, on whatever host it is; db:data:resume lets it go on.",
        discussion: .discussion(examples: ["From any terminal or host": "azu db:data:pause backfill_user_slugs"])
    )

    @OptionGroup var options: ControlOptions

    func run() async throws {
        try await options.control { runner, entry in
            try await runner.pause(entry)
            let text = "\(entry.name) is paused; azu db:data:resume \(entry.version) lets it go on"
            options.tell(text, ControlRecord(entry, "pause"))
        }
    }
}

/// The command `azu db:data:resume V`.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:resume",
        abstract: "Let a run go on that was paused.",
        discussion: .discussion(examples: ["What was paused goes on": "azu db:data:resume backfill_user_slugs"])
    )

    @OptionGroup var options: ControlOptions

    func run() async throws {
        try await options.control { runner, entry in
            let run = try await runner.resume(entry)
            let command = run.direction.command(entry.version, again: run.isAgain)
            let advice = ", once a process is there to do it: azu \(command)"
            let text = "\(entry.name) goes on\(run.isHeld ? "" : advice)"
            options.tell(text, ControlRecord(entry, "resume", isHeld: run.isHeld))
        }
    }
}

extension RunDirection {
    /// The command that goes on with a run, which may be one more of an executed migration.
    func command(_ version: String, again: Bool) -> String {
        guard self == .up else { return "db:data:rollback --version \(version)" }
        return "db:data:run \(version)" + (again ? " --again" : "")
    }
}

/// The command `azu db:data:cancel V`.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:cancel",
        abstract: "Stop a run behind its next batch, on whatever host it is; its processes end with exit code 4.",
        discussion: .discussion(
            "What is committed stays. db:data:run goes on with it, db:data:rollback takes it back.",
            examples: ["Its processes end with exit code 4": "azu db:data:cancel backfill_user_slugs"]
        )
    )

    @OptionGroup var options: ControlOptions

    func run() async throws {
        try await options.control { runner, entry in
            let command = RunDirection.up.command(entry.version, again: try await runner.cancel(entry))
            let text = "\(entry.name) is cancelled; azu \(command) would go on with it"
            options.tell(text, ControlRecord(entry, "cancel"))
        }
    }
}

/// The command `azu db:data:set V batch-size=…`.
struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:set",
        abstract: "Change how a run goes on, from the next batch on, in all of its processes.",
        discussion: .discussion(
            "workers is for each process, rows-per-second for all of them together; auto puts a setting back.",
            examples: [
                "Slow a run down": "azu db:data:set backfill_user_slugs rows-per-second=500",
                "Larger batches, and workers as at the start":
                    "azu db:data:set backfill_user_slugs batch-size=20000 workers=auto",
            ]
        )
    )

    @OptionGroup var options: ControlOptions

    @Argument(
        help: ArgumentHelp(
            "batch-size=N, workers=N, rows-per-second=N, or any of them =auto.",
            valueName: "setting=value"
        )
    )
    var settings: [String]

    func run() async throws {
        try await options.control { runner, entry in
            let now = try await runner.set(settings, for: entry)
            let texts = [
                now.batchSize.map { "batch-size=\($0)" }, now.workers.map { "workers=\($0)" },
                now.rowsPerSecond.map { "rows-per-second=\($0.formatted(.number.grouping(.never)))" },
            ].compactMap { $0 }
            let text = "\(entry.name): \(texts.isEmpty ? "as it was started" : texts.joined(separator: " "))"
            options.tell(text, ControlRecord(entry, "set", settings: now))
        }
    }
}
