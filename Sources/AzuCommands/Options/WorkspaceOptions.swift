import ArgumentParser
import Foundation

/// Which project, and which of its databases.
struct WorkspaceOptions: ParsableArguments {
    @Option(name: .customLong("env"), help: "The environment (AZU_ENV); reads .env.NAME over .env.")
    var environment: String?

    @Option(help: ArgumentHelp("The project's folder, where relative paths start.", valueName: "folder"))
    var root: String = "."

    /// Reads the settings.
    ///
    /// - Throws: ``CommandFailure`` if there is no such folder, or a settings file can't be read.
    func settings() throws -> Settings {
        let current = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        let folder = root.hasPrefix("/") ? URL(filePath: root) : current.appending(path: root)
        guard (try? folder.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true else {
            throw CommandFailure("there is no folder \(root), which --root names")
        }
        return try Settings(root: folder.standardizedFileURL, environment: environment)
    }
}

/// How a run reports, and whether it asks.
struct RunOptions: ParsableArguments {
    @Option(help: "What to print: text, or json (one object a line).")
    var output: OutputFormat = .text

    @Flag(help: "Also print each batch.")
    var verbose = false

    @Flag(help: "Don't ask, not even in production.")
    var yes = false

    @Option(
        help: ArgumentHelp(
            "How many workers share a table's rows, where the database lets several write.",
            valueName: "n"
        )
    )
    var workers = 1

    func validate() throws {
        guard (1...64).contains(workers) else { throw ValidationError("--workers takes a number from 1 to 64") }
    }

    @Flag(help: "Go on with a run although the migration's file changed since it began.")
    var allowChangedSource = false

    @OptionGroup(title: "Limits") var limits: LimitOptions
}
