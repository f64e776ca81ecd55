import Foundation
import PackagePlugin

/// Lists the data migrations of a target, the files of Swift and of SQL under a folder named `data_migrations`, as
/// `MigrationPlan.discovered`, so that nobody registers them by hand.
///
/// Those in SQL are input files, too, so SwiftPM does not ask what they are for.
@main struct MigrationRegistry: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        guard let module = target.sourceModule else { return [] }
        let root = context.package.directoryURL
        let files = ["swift", "sql"].flatMap { module.sourceFiles(withSuffix: $0).map(\.url) }
            .filter { Self.isMigration($0, in: root) }
            .sorted { $0.path(percentEncoded: false) < $1.path(percentEncoded: false) }
        let output = context.pluginWorkDirectoryURL.appending(path: "MigrationRegistry.generated.swift")
        return [
            .buildCommand(
                displayName: "Listing the data migrations of \(target.name)",
                executable: try context.tool(named: "azu-registry").url,
                arguments: ([output, root] + files).map { $0.path(percentEncoded: false) },
                inputFiles: files,
                outputFiles: [output]
            )
        ]
    }

    /// Only folders inside the package count: a package may itself lie in a folder of that name.
    private static func isMigration(_ file: URL, in root: URL) -> Bool {
        file.pathComponents.dropFirst(root.pathComponents.count).dropLast().contains("data_migrations")
    }
}
