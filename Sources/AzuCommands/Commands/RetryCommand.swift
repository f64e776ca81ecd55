import ArgumentParser
import DataMigrations

/// The command `azu db:data:retry V`.
struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:retry",
        abstract: "Take the rows that wait in quarantine through their data migration again, and no others.",
        discussion: .discussion(examples: [
            "After the rows, or the migration, were mended": "azu db:data:retry import_people"
        ])
    )

    @Argument(help: ArgumentHelp("A version or a name.", valueName: "version|name"))
    var migration: String

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var options: RunOptions

    func run() async throws {
        let session = try await RunSession(workspace, options, action: "retry the bad rows of \(migration)")
        let report = try await session.runner.retry(session.plan.entry(migration))
        session.tell(report)
        await session.close()
        if let exit = RunSession.exitCode([report]).exit { throw exit }
    }
}
