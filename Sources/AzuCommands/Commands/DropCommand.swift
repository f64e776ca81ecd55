import ArgumentParser
import Database

/// The command `azu db:drop`.
struct DropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:drop",
        abstract: "Drop the database, with all that is in it."
    )

    @OptionGroup var workspace: WorkspaceOptions

    @Flag(help: "Don't ask.")
    var yes = false

    func run() async throws {
        let settings = try workspace.settings()
        let url = try settings.databaseURL()
        let driver = try Settings.drivers.driver(for: url)
        try Confirmation.ask("Drop \(url.place), with all that is in it?", yes: yes)
        let (name, wasThere) = try await driver.drop(url, root: settings.root)
        Console.print(wasThere ? "dropped \(name)" : "\(name) does not exist")
    }
}
