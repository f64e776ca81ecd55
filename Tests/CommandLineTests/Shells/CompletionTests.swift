import Foundation
import Testing

/// The Tab key, in real shells; those that are not installed are left out.
@Suite(.serialized) struct CompletionTests {
    /// What is typed, and what the shell makes of it when Tab is pressed.
    static let keys: [(typed: String, completed: String)] = [
        ("azu db:data:mi", "azu db:data:migrate "),
        ("azu db:data:run up", "azu db:data:run update_users "),
        ("azu db:data:run update_users mark", "azu db:data:run update_users mark_users "),
        ("azu db:data:rollback --version=archive_", "azu db:data:rollback --version=archive_orders "),
        ("azu db:data:rollback --on-conflict sk", "azu db:data:rollback --on-conflict skip "),
        ("azu db:data:status --output=js", "azu db:data:status --output=json "),
        ("azu db:data:journal pr", "azu db:data:journal prune "),
        ("azu db:data:set update_users batch", "azu db:data:set update_users batch-size="),
        ("azu db:data:migrate --pause-file peo", "azu db:data:migrate --pause-file people.csv "),
        ("azu help db:data:wat", "azu help db:data:watch "),
        ("azu --vers", "azu --version "),
    ]

    private let workspace: Workspace
    private let path: URL

    init() throws {
        workspace = try Workspace()
        // The program under the name that people type.
        path = workspace.folder.appending(path: "bin", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: path.appending(path: "azu"),
            withDestinationURL: Program.folder.appending(path: "azu-fixture")
        )
        try workspace.write("id,name\n", to: "people.csv")
        for shell in ["bash", "zsh", "fish"] {
            let outcome = try workspace.run("completions", shell)
            try workspace.write(outcome.output, to: "azu.\(shell)")
        }
    }

    @Test(.enabled(if: has("bash"), "bash is not installed")) func bash() throws {
        try press(["bash", "--norc", "--noprofile", "-i"], ["PS1='ready> '", "source azu.bash"])
    }

    private static let package = "/usr/share/bash-completion/bash_completion"

    @Test(.enabled(if: has("bash") && FileManager.default.fileExists(atPath: package), "bash-completion is not there"))
    func bashWithThePackageBashCompletion() throws {
        let setup = ["PS1='ready> '", "source \(Self.package)", "source azu.bash"]
        try press(["bash", "--norc", "--noprofile", "-i"], setup)
    }

    @Test(.enabled(if: has("zsh"), "zsh is not installed")) func zsh() throws {
        let setup = ["PS1='ready> '", "autoload -Uz compinit && compinit -u -D"]
        try press(["zsh", "-f", "-i"], setup + ["source azu.zsh"])
    }

    @Test(.enabled(if: has("fish"), "fish is not installed")) func fish() throws {
        for (typed, completed) in Self.keys {
            let script = "source azu.fish; complete -C '\(typed)'"
            let session = try ShellSession(
                ["fish", "-c", script + "; echo; echo done"],
                in: workspace.folder,
                path: path
            )
            let printed = try session.type("", until: "done")
            // It prints the last word, completed, and what it is.
            let word = completed.split(separator: " ").last.map(String.init) ?? ""
            let words = printed.split(whereSeparator: \.isNewline).map { $0.prefix { $0 != "\t" } }
            #expect(words.contains { $0 == word }, "\(typed): \(printed)")
        }
    }

    /// Types each line into a shell, with a Tab behind it, and asks the shell for the line.
    private func press(_ command: [String], _ setup: [String]) throws {
        let session = try ShellSession(command, in: workspace.folder, path: path)
        for line in setup { _ = try session.type(line + "\n", until: "\n") }
        // What is typed is echoed, too, so it must differ from what is waited for.
        _ = try session.type("echo go''ahead\n", until: "goahead")
        for (typed, completed) in Self.keys {
            let printed = try session.type(typed + "\t", until: completed)
            #expect(printed.contains(completed), "\(typed): \(printed.debugDescription)")
            // Takes the line away.
            _ = try session.type("\u{15}echo ne''xt\n", until: "next")
        }
    }

    private static func has(_ shell: String) -> Bool {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return folders.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(shell)")
        }
    }
}
