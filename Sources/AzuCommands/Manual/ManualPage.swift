import MigrationNaming

/// The man page of a command.
///
/// Written in the macros of man(7), which every man understands.
struct ManualPage {
    /// The command that it is about.
    let command: CommandTree
    /// The version that stands at its foot.
    let version: String

    /// The pages of all commands that help lists.
    static func all(of tree: CommandTree, version: String) -> [ManualPage] {
        tree.all.filter(\.shouldDisplay).map { ManualPage(command: $0, version: version) }
    }

    /// What `man` is asked for: `azu-db-data-migrate`.
    var name: String { Self.name(command) }

    /// The page's file.
    var fileName: String { "\(name).1" }

    /// The page.
    var text: String {
        (heading + synopsis + description + options + sections + related).joined(separator: "\n") + "\n"
    }

    private static func name(_ command: CommandTree) -> String {
        command.words.joined(separator: "-").replacing(":", with: "-")
    }

    private var isRoot: Bool { command.superCommands == nil }

    private var heading: [String] {
        [
            ".TH \(Roff.argument(name.uppercased())) 1 \"\" \(Roff.argument("azu \(version)")) \"azu\"",
            ".SH NAME", "\(Roff.text(name)) \\- \(Roff.text(command.abstract ?? ""))",
        ]
    }

    private var synopsis: [String] {
        var parts = [Roff.bold(command.words.joined(separator: " "))]
        if !command.visibleCommands.isEmpty { parts.append(Roff.italic("command")) }
        parts += command.options.filter { !$0.isOptional }.map(Self.synopsis)
        if command.options.contains(where: \.isOptional) { parts.append("[\(Roff.italic("options"))]") }
        parts += command.positionals.map { argument in
            let name = Roff.italic(argument.valueName ?? "") + (argument.isRepeating ? " ..." : "")
            return argument.isOptional ? "[\(name)]" : name
        }
        return [".SH SYNOPSIS", parts.joined(separator: " ")]
    }

    private var description: [String] {
        var paragraphs = [command.abstract ?? ""] + Discussion(command.discussion ?? "").paragraphs
        if isRoot { paragraphs.append("Each command has a page of its own.") }
        var lines = [".SH DESCRIPTION", Roff.text(paragraphs[0])]
        for paragraph in paragraphs.dropFirst() { lines += [".PP", Roff.text(paragraph)] }
        guard !command.visibleCommands.isEmpty else { return lines }
        lines.append(".SH COMMANDS")
        for subcommand in command.visibleCommands where subcommand.commandName != "help" {
            lines += [".TP", Roff.bold(subcommand.commandName), Roff.text(subcommand.abstract ?? "")]
        }
        return lines
    }

    private var options: [String] {
        let arguments = command.positionals + command.options
        guard !arguments.isEmpty else { return [] }
        return [".SH OPTIONS"]
            + arguments.flatMap { argument in
                [".TP", Self.synopsis(argument), Roff.text(Self.explanation(argument))]
            }
    }

    private var sections: [String] {
        Discussion(command.discussion ?? "").sections.flatMap { section in
            [".SH \(Roff.argument(section.title))", ".EX"] + section.lines.map(Roff.text) + [".EE"]
        }
    }

    private var related: [String] {
        let others = isRoot ? command.visibleCommands.filter { $0.commandName != "help" } : []
        let names = isRoot ? others.map(Self.name) : ["azu"] + command.visibleCommands.map(Self.name)
        var lines = names.map { "\(Roff.bold($0))(1)," }
        if let last = lines.popLast() { lines.append(String(last.dropLast())) }
        let codes = isRoot ? [] : [".SH \"EXIT CODES\"", "See \(Roff.bold("azu"))(1)."]
        return codes + [".SH \"SEE ALSO\""] + lines
    }

    private static func synopsis(_ argument: CommandArgument) -> String {
        let value = Roff.italic(argument.valueName ?? "")
        guard argument.kind != .positional else { return value }
        let names = argument.spellings.map(Roff.bold).joined(separator: ", ")
        return argument.kind == .option ? "\(names) \(value)" : names
    }

    private static func explanation(_ argument: CommandArgument) -> String {
        var text = argument.abstract ?? ""
        if let words = argument.allValues, !words.isEmpty { text += " One of \(words.either)." }
        if let value = argument.defaultValue { text += " (default: \(value))" }
        return text
    }
}
