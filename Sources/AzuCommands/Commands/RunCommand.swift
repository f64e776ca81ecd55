import ArgumentParser
import DataMigrations

/// The command `azu db:data:run VERSION|NAME…`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:run",
        abstract: "Run some data migrations on their own, whatever stands before them."
    )

    @Argument(help: ArgumentHelp("Versions or names.", valueName: "version|name"))
    var migrations: [String]

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var options: RunOptions

    func run() async throws {
        let session = try await RunSession(workspace, options, action: "run \(migrations.joined(separator: ", "))")
        let entries = try migrations.map { try session.plan.entry($0) }
        var reports: [RunReport] = []
        for entry in entries {
            guard let report = try await session.runner.migrate(entry) else { continue }
            reports.append(report)
            session.tell(report)
            if [.cancelled, .running].contains(report.status) { break }
        }
        if reports.isEmpty { session.tellNothing() }
        await session.close()
        if let exit = RunSession.exitCode(reports).exit { throw exit }
    }
}
