import ArgumentParser
import Database

/// The command `azu db:drop`.
struct DropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:drop",
        abstract: "Drop the database, with all that is in it.",
        discussion: .discussion(examples: [
            "It asks first": "azu db:drop",
            "In a script": "azu db:drop --env test --yes",
        ])
    )

    @OptionGroup var workspace: WorkspaceOptions

    @Flag(help: "Don't ask.")
    var yes = false

    @OptionGroup var output: OutputOption

    func run() async throws {
        let settings = try workspace.settings()
        let url = try settings.databaseURL()
        let driver = try Settings.drivers.driver(for: url)
        try Confirmation.ask("Drop \(url.place), with all that is in it?", yes: yes)
        let (name, wasThere) = try await driver.drop(url, root: settings.root)
        switch output.format {
        case .text: Console.print(wasThere ? "dropped \(name)" : "\(name) does not exist")
        case .json: Console.json(DatabaseRecord(database: name, outcome: wasThere ? "dropped" : "missing"))
        }
    }
}
