import ArgumentParser
import DataMigrations

/// The command `azu db:data:mark V…`.
struct MarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:mark",
        abstract: "Record data migrations as executed, without running them. Asks first.",
        discussion: .discussion(
            """
            For a database whose rows are already as the migrations would leave them, such as one that was loaded from a \
            dump. Who did so is kept in data_migration_events. db:data:require refuses them until db:data:verify passes.
            """,
            examples: [
                "One by name": "azu db:data:mark backfill_user_slugs",
                "All that are not executed, then see whether the rows are as they say":
                    "azu db:data:mark --all --yes && azu db:data:verify",
            ]
        )
    )

    @Argument(help: ArgumentHelp("Versions or names.", valueName: "version|name"))
    var migrations: [String] = []

    @Flag(help: "All that are not executed.")
    var all = false

    @OptionGroup var workspace: WorkspaceOptions

    @Flag(help: "Don't ask.")
    var yes = false

    @OptionGroup var output: OutputOption

    func validate() throws {
        if migrations.isEmpty != all { throw ValidationError("name the data migrations, or say --all") }
    }

    func run() async throws {
        let plan = try AzuProgram.requirePlan()
        let settings = try workspace.settings()
        let named = try migrations.map { try plan.entry($0) }
        let runner = Runner(try await settings.connect(), root: settings.root)
        let executed = Set(try await runner.status(of: plan).filter { $0.executedAt != nil }.map(\.version))
        let entries = (all ? plan.entries : named).filter { !executed.contains($0.version) }
        if entries.isEmpty {
            await runner.connection.close()
            return output.format.tellNothing("they are executed")
        }
        let names = entries.map(\.name).joined(separator: ", ")
        try Confirmation.ask("Record \(names) as executed, without running?", yes: yes)
        for entry in entries where try await runner.mark(entry) {
            switch output.format {
            case .text:
                Console.advise(
                    "✓ \(entry.version) \(entry.name) is recorded as executed, and was not run; azu db:data:verify "
                        + "\(entry.name) checks its rows"
                )
            case .json: Console.json(MarkRecord(version: entry.version, name: entry.name))
            }
        }
        await runner.connection.close()
    }
}

/// A migration that was recorded, for a program.
private struct MarkRecord: Encodable {
    var event = "marked"
    var version: String
    var name: String
}
