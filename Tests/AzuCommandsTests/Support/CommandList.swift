import ArgumentParser

@testable import AzuCommands

/// All commands, with the words that call them: what is added to the command line is tested without more ado.
enum CommandList {
    /// The words that call each command, without `azu`: "", `init`, `db:data:journal size`.
    static let names: [String] = commands.map(\.name)

    /// The type of a command.
    static func type(_ name: String) -> any ParsableCommand.Type {
        commands.first { $0.name == name }?.type ?? AzuCommand.self
    }

    /// A command as it tells of itself.
    static func tree(_ name: String) throws -> CommandTree? {
        var tree: CommandTree? = try CommandTree.azu()
        for word in name.split(separator: " ") { tree = tree?.command(String(word)) }
        return tree
    }

    private static let commands = all(AzuCommand.self, [])

    private static func all(
        _ type: any ParsableCommand.Type,
        _ words: [String]
    ) -> [(name: String, type: any ParsableCommand.Type)] {
        [(words.joined(separator: " "), type)]
            + type.configuration.subcommands.flatMap { all($0, words + [$0._commandName]) }
    }
}
