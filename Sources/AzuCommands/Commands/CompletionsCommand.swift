import ArgumentParser
import DataMigrations
import Foundation
import MigrationNaming

/// The command `azu completions bash|zsh|fish`.
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print what a shell reads to complete azu's commands, options and migrations with the Tab key.",
        discussion: .discussion(
            """
            Without a name it is for the shell that SHELL says. The script asks azu itself, so it need not be printed anew \
            when azu changes. Migrations are found by their files, below --root; no database is asked.
            """,
            examples: [
                "bash: in this session; put the line into ~/.bashrc for all of them": "source <(azu completions bash)",
                "bash, with the package bash-completion":
                    "azu completions bash > ~/.local/share/bash-completion/completions/azu",
                "zsh: a folder of fpath, before compinit is called": "azu completions zsh > ~/.zfunc/_azu",
                "fish": "azu completions fish > ~/.config/fish/completions/azu.fish",
            ]
        )
    )

    @Argument(help: "The shell.")
    var shell: Shell?

    func run() throws {
        guard let shell = shell ?? Self.usualShell() else {
            throw ValidationError("say which shell: \(Shell.allCases.map(\.rawValue).either)")
        }
        Console.write(shell.script, to: .standardOutput)
    }

    /// The shell of the person who is logged in.
    static func usualShell(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> Shell? {
        environment["SHELL"]?.split(separator: "/").last.flatMap { Shell(rawValue: String($0)) }
    }

    /// The arguments with `--generate-completion-script SHELL`, as ArgumentParser has it, put as this command.
    static func translated(_ arguments: [String]) -> [String] {
        let option = "--generate-completion-script"
        guard let first = arguments.first else { return arguments }
        if first == option { return [configuration.commandName ?? ""] + arguments.dropFirst() }
        guard first.hasPrefix(option + "=") else { return arguments }
        return [configuration.commandName ?? "", String(first.dropFirst(option.count + 1))]
    }

    /// Answers a shell's question, if the arguments are one.
    ///
    /// - Returns: whether they are.
    static func answer(_ arguments: [String], plan: MigrationPlan?) -> Bool {
        guard arguments.first == Shell.question else { return false }
        // Nobody reads what goes wrong while a key is pressed.
        let tree = try? CommandTree.azu()
        let completer = tree.map { Completer(tree: $0, values: ProjectValues(plan: plan)) }
        let completion = completer?.complete(Array(arguments.dropFirst())) ?? Completion()
        for line in completion.lines { Console.print(line) }
        return true
    }
}
