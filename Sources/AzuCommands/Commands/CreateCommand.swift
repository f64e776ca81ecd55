import ArgumentParser
import Database

/// The command `azu db:create`.
struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:create",
        abstract: "Create the database, if it does not exist.",
        discussion: .discussion(examples: [
            "The database of DATABASE_URL": "azu db:create",
            "That of the tests": "azu db:create --env test",
        ])
    )

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let settings = try workspace.settings()
        let url = try settings.databaseURL()
        let (name, isNew) = try await Settings.drivers.driver(for: url).create(url, root: settings.root)
        switch output.format {
        case .text: Console.print(isNew ? "created \(name)" : "\(name) exists")
        case .json: Console.json(DatabaseRecord(database: name, outcome: isNew ? "created" : "exists"))
        }
    }
}
