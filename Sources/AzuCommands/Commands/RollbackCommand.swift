import ArgumentParser
import DataMigrations

/// The command `azu db:data:rollback`.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:rollback",
        abstract: "Take data migrations back with their own `down`, the newest first."
    )

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var options: RunOptions

    @Option(help: "Only this version or name.")
    var version: String?

    @Option(help: ArgumentHelp("The newest so many.", valueName: "n"))
    var steps: Int = 1

    func validate() throws {
        if steps < 1 { throw ValidationError("--steps takes a number from 1 on") }
    }

    func run() async throws {
        let session = try await RunSession(workspace, options, action: "roll data migrations back")
        let entries = try await entries(session)
        if entries.isEmpty { throw CommandFailure("no data migration is executed, so there is nothing to roll back") }
        var reports: [RunReport] = []
        for entry in entries {
            let report = try await session.runner.rollback(entry)
            reports.append(report)
            session.tell(report)
            if report.status == .paused { break }
        }
        await session.close()
        if let exit = RunSession.exitCode(reports).exit { throw exit }
    }

    private func entries(_ session: RunSession) async throws -> [MigrationPlan.Entry] {
        if let version { return [try session.plan.entry(version)] }
        let executed = try await session.runner.status(of: session.plan).filter { $0.executedAt != nil }
        return try executed.suffix(steps).reversed().map { try session.plan.entry($0.version) }
    }
}
