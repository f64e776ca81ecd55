import Testing

@testable import AzuCommands

/// What a shell reads; CommandLineTests has real shells read it.
@Suite struct CompletionSnapshotTests {
    private let snapshot = Snapshot(folder: "completions")

    @Test(arguments: Shell.allCases) func theScriptIsAsItWas(_ shell: Shell) throws {
        try snapshot.expect(shell.script, is: "azu.\(shell.rawValue)")
    }

    @Test func theShellIsThatOfThePersonUnlessItIsNamed() {
        #expect(CompletionsCommand.usualShell(["SHELL": "/usr/bin/fish"]) == .fish)
        #expect(CompletionsCommand.usualShell(["SHELL": "/bin/tcsh"]) == nil)
        #expect(CompletionsCommand.usualShell([:]) == nil)
    }

    @Test func theOptionOfArgumentParserPrintsTheSame() {
        #expect(CompletionsCommand.translated(["--generate-completion-script", "zsh"]) == ["completions", "zsh"])
        #expect(CompletionsCommand.translated(["--generate-completion-script=bash"]) == ["completions", "bash"])
        #expect(CompletionsCommand.translated(["--generate-completion-script"]) == ["completions"])
        #expect(CompletionsCommand.translated(["init"]) == ["init"])
        #expect(CompletionsCommand.translated([]) == [])
    }
}
