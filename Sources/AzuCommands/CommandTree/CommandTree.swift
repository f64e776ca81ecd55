import ArgumentParser
import Foundation

/// A command with its options and subcommands, as ArgumentParser tells of itself.
///
/// Completions, man pages, suggestions and the tests of the documentation read it, so that none of them keeps a list of
/// commands of its own.
struct CommandTree: Decodable, Sendable {
    /// The word that names it.
    var commandName: String
    /// What comes before that word.
    var superCommands: [String]?
    /// Whether help lists it.
    var shouldDisplay: Bool
    /// What it does, in one sentence.
    var abstract: String?
    /// What there is to say beyond that, and examples.
    var discussion: String?
    /// The commands below it.
    var subcommands: [CommandTree]?
    /// Options, flags and positional arguments.
    var arguments: [CommandArgument]?

    /// The whole command line.
    static func azu() throws -> CommandTree {
        struct Tool: Decodable {
            var command: CommandTree
        }
        return try JSONDecoder().decode(Tool.self, from: Data(AzuCommand._dumpHelp().utf8)).command
    }

    /// The words that call it: `azu db:data:journal size`.
    var words: [String] { (superCommands ?? []) + [commandName] }

    /// The commands below it that help lists.
    var visibleCommands: [CommandTree] { (subcommands ?? []).filter(\.shouldDisplay) }

    /// The options and flags that help lists, each once.
    ///
    /// The flag `--version` of the root is in every command; an option of that name goes before it.
    var options: [CommandArgument] {
        var seen: Set<String> = []
        return (arguments ?? []).filter { argument in
            argument.kind != .positional && argument.shouldDisplay && seen.insert(argument.name).inserted
        }
    }

    /// What is given without a name, in its order.
    var positionals: [CommandArgument] { (arguments ?? []).filter { $0.kind == .positional } }

    /// The command below it of this name.
    func command(_ name: String) -> CommandTree? { subcommands?.first { $0.commandName == name } }

    /// The option or flag that is called so: `--env`, `-h`.
    func option(_ word: String) -> CommandArgument? { options.first { $0.spellings.contains(word) } }

    /// It and all that is below it, but for `help`, which ArgumentParser adds.
    var all: [CommandTree] {
        [self] + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap(\.all)
    }
}
