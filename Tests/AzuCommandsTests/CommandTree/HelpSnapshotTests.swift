import ArgumentParser
import Testing

@testable import AzuCommands

/// The help of every command, as it is printed on 80 columns.
@Suite struct HelpSnapshotTests {
    private let snapshot = Snapshot(folder: "help")

    private static func fileName(_ command: String) -> String {
        let name = (["azu"] + command.split(separator: " ").map(String.init)).joined(separator: "-")
        return name.replacing(":", with: "-") + ".txt"
    }

    @Test(arguments: CommandList.names) func theHelpIsAsItWas(_ command: String) throws {
        let help = AzuCommand.helpMessage(for: CommandList.type(command), columns: 80)
        try snapshot.expect(help + "\n", is: Self.fileName(command))
    }

    @Test func thereIsNoHelpOfCommandsThatAreGone() throws {
        try snapshot.expectOnly(CommandList.names.map(Self.fileName))
    }
}
