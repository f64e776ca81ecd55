import ArgumentParser
import Foundation

/// `azu init`: sets a project up.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Set azu up in an empty folder or in a Swift package.",
        discussion: """
            Adds the target Migrations, in db/, and its tests to Package.swift, with a first model. Files that are there \
            are left as they are.

            With --sql, there is no package, and nothing to compile: migrations are files of SQL, which azu itself runs.
            """
    )

    @Flag(help: "Set up a project without a Swift package, for migrations in SQL alone.")
    var sql = false

    @Option(help: ArgumentHelp("Where azu comes from: a folder or a URL.", valueName: "path|url"))
    var package = PackageSource.published

    @Option(help: "The project's folder.")
    var root = "."

    func run() throws {
        let writer = ProjectWriter(root: URL(filePath: root, directoryHint: .isDirectory))
        if sql {
            let generator = SQLProjectGenerator(writer: writer)
            for outcome in try generator.run() { print(outcome) }
            for note in try generator.notes() { print("note: \(note)") }
            return
        }
        let generator = ProjectGenerator(package: PackageSource(location: package), writer: writer)
        for outcome in try generator.run() { print(outcome) }
        for note in try generator.notes() { print("note: \(note)") }
    }
}
