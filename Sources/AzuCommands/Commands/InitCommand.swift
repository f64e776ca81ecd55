import ArgumentParser
import Foundation

/// `azu init`: sets a project up.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Set azu up in an empty folder or in a Swift package.",
        discussion: .discussion(
            """
            Adds the target Migrations, in db/, and its tests to Package.swift, with a first model. Files that are there \
            are left as they are.

            With --sql, there is no package, and nothing to compile: migrations are files of SQL, which azu itself runs.
            """,
            examples: [
                "In this folder": "azu init",
                "In another one, with azu from a clone": "azu init --root shop --package ../azu",
                "Without Swift": "azu init --sql",
            ]
        )
    )

    @Flag(help: "Set up a project without a Swift package, for migrations in SQL alone.")
    var sql = false

    @Option(help: ArgumentHelp("Where azu comes from: a folder or a URL.", valueName: "path|url"))
    var package = PackageSource.published

    @Option(help: ArgumentHelp("The project's folder.", valueName: "folder"))
    var root = "."

    @OptionGroup var output: OutputOption

    func run() throws {
        let writer = ProjectWriter(root: URL(filePath: root, directoryHint: .isDirectory))
        if sql {
            let generator = SQLProjectGenerator(writer: writer)
            for outcome in try generator.run() { outcome.tell(output.format) }
            for note in try generator.notes() { tell(note) }
            return
        }
        let generator = ProjectGenerator(package: PackageSource(location: package), writer: writer)
        for outcome in try generator.run() { outcome.tell(output.format) }
        for note in try generator.notes() { tell(note) }
    }

    private func tell(_ note: String) {
        // A program's lines are records alone.
        let line = "note: \(note)"
        if output.format == .text { Console.print(line) } else { Console.note(line) }
    }
}
