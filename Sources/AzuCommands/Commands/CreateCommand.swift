import ArgumentParser
import Database

/// The command `azu db:create`.
struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:create",
        abstract: "Create the database, if it does not exist."
    )

    @OptionGroup var workspace: WorkspaceOptions

    func run() async throws {
        let settings = try workspace.settings()
        let url = try settings.databaseURL()
        let (name, isNew) = try await Settings.drivers.driver(for: url).create(url, root: settings.root)
        Console.print(isNew ? "created \(name)" : "\(name) exists")
    }
}
