import ArgumentParser
import Database

/// The command `azu db:create`.
struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:create",
        abstract: "Create the database and the schema that its URL names, if they do not exist.",
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
        try await Settings.drivers.driver(for: url).create(url, root: settings.root).tell(output.format)
    }
}
