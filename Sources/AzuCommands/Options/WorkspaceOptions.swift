import ArgumentParser
import Configuration
import Foundation

/// Which project, and which of its databases.
struct WorkspaceOptions: ParsableArguments {
    @Option(name: .customLong("env"), help: "The environment (AZU_ENV); reads .env.NAME over .env.")
    var environment: String?

    @Option(help: ArgumentHelp("The project's folder, where relative paths start.", valueName: "folder"))
    var root: String = "."

    /// Reads the settings.
    ///
    /// - Parameter flags: what flags say, see ``RunOptions/flags``.
    /// - Returns: the settings.
    /// - Throws: ``CommandFailure`` if there is no such folder, or a settings file can't be read.
    func settings(_ flags: [(Setting, ConfigContent)] = []) throws -> Settings {
        let current = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        let folder = root.hasPrefix("/") ? URL(filePath: root) : current.appending(path: root)
        guard (try? folder.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true else {
            throw CommandFailure("there is no folder \(root), which --root names")
        }
        return try Settings(root: folder.standardizedFileURL, environment: environment, flags: flags)
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
            "How many workers share a table's rows, where the database lets several write; 1 by default.",
            valueName: "n"
        )
    )
    var workers: Int?

    func validate() throws {
        guard (1...64).contains(workers ?? 1) else { throw ValidationError("--workers takes a number from 1 to 64") }
    }

    @Flag(help: "Go on with a run although the migration's file changed since it began.")
    var allowChangedSource = false

    @Option(
        help: ArgumentHelp(
            "A file for the textfile collector of Prometheus' node_exporter, written every 15 seconds and at the end.",
            valueName: "path"
        )
    )
    var metricsFile: String?

    @OptionGroup(title: "Limits") var limits: LimitOptions

    /// What is given, for ``Settings``; what is not may stand in the environment or in a file.
    var flags: [(Setting, ConfigContent)] {
        var flags = limits.flags
        if let workers { flags.append((.workers, .int(workers))) }
        if let metricsFile { flags.append((.metricsFile, .string(metricsFile))) }
        let isOn = [(Setting.verbose, verbose), (.yes, yes), (.allowChangedSource, allowChangedSource)]
        return flags + Setting.given(isOn)
    }
}
