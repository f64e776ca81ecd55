import ArgumentParser
import DataMigrations

/// The command `azu db:data:migrate`.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:migrate",
        abstract: "Run the data migrations that are not executed yet, in the order of their versions.",
        discussion: .discussion(
            """
            A run that was stopped, killed or failed goes on where it stopped. One whose bad rows wait in quarantine is \
            not read again; the migrations behind it run, and the exit code is 3. One that is not meant for this \
            environment is skipped.
            """,
            examples: [
                "Everything that is pending": "azu db:data:migrate",
                "See first what would be done": "azu db:data:migrate --dry-run",
                "Until five in the morning, without asking, as cron wants it":
                    "azu db:data:migrate --env production --yes --window 01:00-05:00",
                "Four workers, at most 5 000 rows a second":
                    "azu db:data:migrate --workers 4 --max-rows-per-second 5000",
                "For a program": "azu db:data:migrate --output json",
            ]
        )
    )

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var parameters: ParameterOptions
    @OptionGroup var tags: TagOptions
    @OptionGroup var options: RunOptions

    @Option(help: ArgumentHelp("Stop behind this one.", valueName: "version|name"))
    var version: String?

    @Option(help: ArgumentHelp("Run at most so many.", valueName: "n"))
    var steps: Int?

    @Flag(help: "Only show what would be done, as db:data:plan does; exit code 2 if there is something to do.")
    var dryRun = false

    @OptionGroup var plan: PlanOptions

    func validate() throws {
        if let steps, steps < 1 { throw ValidationError("--steps takes a number from 1 on") }
    }

    func run() async throws {
        if dryRun { return try await show() }
        let session = try await RunSession(workspace, options, action: "run the data migrations")
        let last = try version.map { try session.plan.entry($0).version }
        let upToLast = session.plan.entries.filter { entry in last.map { entry.version <= $0 } ?? true }
        let entries = tags.select(upToLast, of: session.plan).filter(session.runner.isMeant)
        let values = try await session.values(parameters, for: entries, steps: steps)
        var reports: [RunReport] = []
        for entry in entries {
            if let steps, reports.count(where: \.didWork) == steps { break }
            guard let report = try await session.runner.migrate(entry, arguments: values[entry.version] ?? [:]) else {
                continue
            }
            reports.append(report)
            session.tell(report)
            if report.status.isStopped { break }
        }
        if reports.isEmpty { session.tellNothing(among: entries.count < upToLast.count ? entries.count : nil) }
        await session.close()
        if let exit = RunSession.exitCode(reports).exit { throw exit }
    }

    private func show() async throws {
        let migrations = try AzuProgram.requirePlan()
        let last = try version.map { try migrations.entry($0).version }
        let values = try parameters.values(for: migrations.entries)
        try await PlanCommand.show(migrations, workspace, plan, options.output, values) { waiting in
            let upToLast = waiting.filter { entry in last.map { entry.version <= $0 } ?? true }
            return Array(tags.select(upToLast, of: migrations).prefix(steps ?? .max))
        }
    }
}
