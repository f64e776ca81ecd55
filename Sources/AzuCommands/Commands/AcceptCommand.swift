import ArgumentParser
import DataMigrations

/// The command `azu db:data:accept V`.
struct AcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:accept",
        abstract: "Leave the rows in quarantine as they are, and record their data migration as executed.",
        discussion: .discussion(examples: [
            "See what is given up, then give it up": "azu db:data:failures import_people",
            "It asks first": "azu db:data:accept import_people",
        ])
    )

    @Argument(help: ArgumentHelp("A version or a name.", valueName: "version|name"))
    var migration: String

    @OptionGroup var workspace: WorkspaceOptions

    @Flag(help: "Don't ask.")
    var yes = false

    @OptionGroup var output: OutputOption

    func run() async throws {
        let entry = try AzuProgram.requirePlan().entry(migration)
        let settings = try workspace.settings()
        let hooks = try settings.hooks()
        let connection = try await settings.connect()
        let runner = Runner(
            connection,
            observer: NotedMessages(),
            root: settings.root,
            environment: settings.environment,
            hooks: hooks
        )
        let open = try await runner.status(of: AzuProgram.requirePlan()).first { $0.version == entry.version }
        // Where there are none, it is refused without a question.
        if let count = open?.openQuarantine, count > 0 {
            try Confirmation.ask("Leave \(Numbers.rows(count)) of \(entry.name) unprocessed, for good?", yes: yes)
        }
        let accepted = try await runner.accept(entry)
        await connection.close()
        let outcome = accepted == 1 ? "1 row stays as it was" : "\(Numbers.rows(accepted)) stay as they were"
        switch output.format {
        case .text: Console.print("✓ \(entry.version) \(entry.name) is executed; \(outcome)")
        case .json: Console.json(AcceptRecord(version: entry.version, name: entry.name, accepted: accepted))
        }
    }
}
