import ArgumentParser
import DataMigrations

/// The command `azu db:data:show V`.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:show",
        abstract:
            "Show what a data migration is: its rows, parameters, tags, environments and options. Writes nothing.",
        discussion: .discussion(
            "Parameters are given with --set.",
            examples: [
                "What it takes, and from which rows": "azu db:data:show archive_old_orders",
                "Give it what it takes":
                    "azu db:data:run archive_old_orders --set cutoff=2024-01-01",
            ]
        )
    )

    @Argument(help: ArgumentHelp("A version or a name.", valueName: "version|name"))
    var migration: String

    @OptionGroup var workspace: WorkspaceOptions

    @Option(help: "What to print: text, or json (one object).")
    var output: OutputFormat = .text

    func run() async throws {
        let entry = try AzuProgram.requirePlan().entry(migration)
        let settings = try workspace.settings()
        let connection = try await settings.connect()
        let runner = Runner(connection, root: settings.root, environment: settings.environment)
        let description = try await runner.describe(entry)
        await connection.close()
        switch output {
        case .text: for line in DescriptionReport(description).lines { Console.print(line) }
        case .json: Console.json(DescriptionRecord(description))
        }
    }
}
