import ArgumentParser
import DataMigrations

/// The command `azu db:data:plan [V]`.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:plan",
        abstract: "Show what data migrations would do: their code is run on samples of the rows, and rolled back.",
        discussion: .discussion(
            """
            Exit code 0: there is nothing to do, 2: there is work, 1: it would fail.
            """,
            examples: [
                "All that is pending": "azu db:data:plan",
                "One, with more of its rows": "azu db:data:plan backfill_user_slugs --sample 5000 --show 30",
                "In a pipeline: 0 nothing to do, 2 work, 1 it would fail": "azu db:data:plan --output json",
            ]
        )
    )

    @Argument(help: ArgumentHelp("Versions or names; all that are not executed by default.", valueName: "version|name"))
    var migrations: [String] = []

    @OptionGroup var parameters: ParameterOptions
    @OptionGroup var tags: TagOptions
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var options: PlanOptions

    @Option(help: "What to print: text, or json (one object a line).")
    var output: OutputFormat = .text

    func run() async throws {
        let plan = try AzuProgram.requirePlan()
        let entries = try migrations.map { try plan.entry($0) }
        let values = try parameters.values(for: entries.isEmpty ? plan.entries : entries)
        try await Self.show(plan, workspace, options, output, values) { waiting in
            tags.select(entries.isEmpty ? waiting : entries, of: plan)
        }
    }

    /// Prints the previews of migrations that are chosen by those that are not executed, and ends with the exit code of
    /// what they say.
    static func show(
        _ plan: MigrationPlan,
        _ workspace: WorkspaceOptions,
        _ options: PlanOptions,
        _ output: OutputFormat,
        _ values: [String: [String: String]],
        choosing choice: (_ waiting: [MigrationPlan.Entry]) -> [MigrationPlan.Entry]
    ) async throws {
        let settings = try workspace.settings()
        let runner = Runner(
            try await settings.connect(),
            root: settings.root,
            environment: settings.environment
        )
        let waiting = Set(try await runner.status(of: plan).filter { $0.executedAt == nil }.map(\.version))
        var code = AzuExitCode.done
        let entries = choice(plan.entries.filter { waiting.contains($0.version) && runner.isMeant($0) })
        for entry in entries {
            let preview = try await runner.preview(entry, options.options, arguments: values[entry.version] ?? [:])
            switch output {
            case .text: for line in PreviewReport(preview).lines { Console.print(line) }
            case .json: Console.json(PreviewRecord(preview))
            }
            if preview.failure != nil {
                code = .failed
            } else if preview.hasWork, code == .done {
                code = .work
            }
        }
        await runner.connection.close()
        if code == .done, output == .text { Console.print("nothing to do") }
        if let exit = code.exit { throw exit }
    }
}
