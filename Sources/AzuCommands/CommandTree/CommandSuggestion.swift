import ArgumentParser
import MigrationNaming

/// What a person may have meant by a command that does not exist.
///
/// ArgumentParser suggests options, not commands.
enum CommandSuggestion {
    /// Makes sure that the words before the first option name a command.
    ///
    /// - Throws: ``CommandFailure`` in one line, with the nearest commands.
    static func check(_ arguments: [String]) throws {
        var words = arguments.prefix { !$0.hasPrefix("-") }
        if words.first == "help" { words.removeFirst() }
        var commands: [any ParsableCommand.Type] = [AzuCommand.self]
        for word in words {
            let command = commands[commands.count - 1]
            let subcommands = command.configuration.subcommands
            if let next = subcommands.first(where: { name(of: $0) == word || $0.configuration.aliases.contains(word) })
            {
                commands.append(next)
                continue
            }
            // What is no command may be an argument of this one, or of the one that stands in for it.
            let path = commands.dropFirst().map(name)
            if subcommands.isEmpty || word == "help" || takesArguments(command, after: path) { return }
            throw unknown(word, after: path, among: subcommands)
        }
    }

    private static func unknown(
        _ word: String,
        after path: [String],
        among subcommands: [any ParsableCommand.Type]
    ) -> CommandFailure {
        let names = subcommands.filter { $0.configuration.shouldDisplay }.map(name)
        let near = Nearest.names(to: word, among: names, separator: ":").map { (path + [$0]).joined(separator: " ") }
        let hint =
            near.isEmpty
            ? "\((["azu"] + path).joined(separator: " ")) --help lists them" : "did you mean \(near.either)?"
        return CommandFailure("there is no command \((path + [word]).joined(separator: " ")); \(hint)", code: .usage)
    }

    private static func name(of command: any ParsableCommand.Type) -> String { command._commandName }

    /// Whether the subcommand that stands in where none is named takes arguments.
    private static func takesArguments(_ command: any ParsableCommand.Type, after path: [String]) -> Bool {
        guard let standIn = command.configuration.defaultSubcommand else { return false }
        var tree = try? CommandTree.azu()
        for name in path + [name(of: standIn)] { tree = tree?.command(name) }
        return !(tree?.positionals ?? []).isEmpty
    }
}
