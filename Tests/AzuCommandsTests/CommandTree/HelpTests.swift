import ArgumentParser
import Testing

@testable import AzuCommands

/// What every command's help must have, also that of a command that is added tomorrow.
@Suite struct HelpTests {
    private func help(_ command: String) -> String {
        AzuCommand.helpMessage(for: CommandList.type(command), columns: 80)
    }

    @Test(arguments: CommandList.names) func noLineIsLongerThanATerminalIsWide(_ command: String) {
        // ArgumentParser does not break the line of the usage.
        let long = help(command).split(separator: "\n").filter { $0.count > 80 && !$0.hasPrefix("USAGE:") }
        #expect(long.isEmpty)
    }

    @Test(arguments: CommandList.names) func examplesAreShownThatTheCommandLineTakes(_ command: String) throws {
        let tree = try #require(try CommandList.tree(command))
        let discussion = Discussion(tree.discussion ?? "")
        let lines = discussion.sections.first { $0.title == "EXAMPLES" }?.lines ?? []
        #expect(!lines.isEmpty, "no examples")
        let own = discussion.examples.filter { ($0 + " ").hasPrefix("azu \(command.isEmpty ? "" : command + " ")") }
        #expect(!own.isEmpty || lines.contains { $0.contains("azu \(command)") }, "\(lines)")
        for example in discussion.examples {
            // What stands behind these is the shell's.
            let end = ["&&", "|", ">"].compactMap { example.firstRange(of: " \($0) ")?.lowerBound }.min()
            let words = example[..<(end ?? example.endIndex)].split(separator: " ").dropFirst().map(String.init)
            #expect(throws: Never.self, "\(example)") { _ = try AzuCommand.parseAsRoot(words) }
            #expect(throws: Never.self, "\(example)") { try CommandSuggestion.check(words) }
        }
    }

    @Test func aDiscussionIsTakenApart() {
        let discussion = Discussion("One.\nTwo.\n\nEXIT CODES:\n  0  done\n\nEXAMPLES:\n  # all\n  azu x | y")
        #expect(discussion.paragraphs == ["One.", "Two."])
        #expect(discussion.sections.map(\.title) == ["EXIT CODES", "EXAMPLES"])
        #expect(discussion.sections.first?.lines == ["  0  done"])
        #expect(discussion.examples == ["azu x | y"])
        #expect(Discussion("").sections.isEmpty)
    }
}
