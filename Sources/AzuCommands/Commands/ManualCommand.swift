import ArgumentParser
import Foundation

/// The command `azu manual FOLDER`, for whoever packages azu.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Write the man pages of all commands into a folder.",
        discussion: .discussion(
            "The pages are made of what the commands' help says. Pages that are there are overwritten.",
            examples: ["For all users of this machine": "azu manual /usr/local/share/man/man1"]
        ),
        shouldDisplay: false
    )

    @Argument(help: "Where they are put; it is made, if it is not there.")
    var folder: String

    func run() throws {
        let folder = URL(filePath: folder, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let pages = ManualPage.all(of: try CommandTree.azu(), version: AzuCommand.configuration.version)
        for page in pages { try Data(page.text.utf8).write(to: folder.appending(path: page.fileName)) }
        Console.print("\(pages.count) pages")
    }
}
