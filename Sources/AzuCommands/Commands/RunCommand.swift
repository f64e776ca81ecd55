import ArgumentParser
import DataMigrations

/// The command `azu db:data:run VERSION|NAME…`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:run",
        abstract: "Run some data migrations on their own, whatever stands before them.",
        discussion: .discussion(examples: [
            "One by name": "azu db:data:run backfill_user_slugs",
            "Two by their versions, in this order": "azu db:data:run 20240101120000 20240103120000",
            "A finished one on all its rows again": "azu db:data:run backfill_user_slugs --again",
        ])
    )

    @Argument(help: ArgumentHelp("Versions or names.", valueName: "version|name"))
    var migrations: [String]

    @Flag(help: "Run finished ones once more, on all their rows. Asks first, unless --yes is given.")
    var again = false

    @Flag(help: "Run them although they are not meant for this environment.")
    var anyEnvironment = false

    @OptionGroup var parameters: ParameterOptions
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var options: RunOptions

    func run() async throws {
        let session = try await RunSession(
            workspace,
            options,
            action: "run \(migrations.joined(separator: ", "))",
            anyEnvironment: anyEnvironment
        )
        let entries = try migrations.map { try session.plan.entry($0) }
        let values = try parameters.values(for: entries)
        for entry in entries {
            try await session.runner.check(entry, again: again, arguments: values[entry.version] ?? [:])
        }
        if again { try await confirm(entries, session) }
        var reports: [RunReport] = []
        for entry in entries {
            guard
                let report = try await session.runner.migrate(
                    entry,
                    again: again,
                    arguments: values[entry.version] ?? [:]
                )
            else { continue }
            reports.append(report)
            session.tell(report, again: again)
            if report.status.isStopped { break }
        }
        if reports.isEmpty { session.tellNothing(try await reason(entries, session)) }
        await session.close()
        if let exit = RunSession.exitCode(reports).exit { throw exit }
    }

    /// Why nothing was run: what is executed is passed over, also where a second run of it is not through.
    private func reason(_ entries: [MigrationPlan.Entry], _ session: RunSession) async throws -> String {
        let versions = Set(entries.map(\.version))
        let begun: Set<RunState> = [.running, .paused, .failed, .cancelled]
        let open = try await session.runner.status(of: session.plan).first { status in
            versions.contains(status.version) && status.state.map(begun.contains) == true
        }
        let what = entries.count == 1 ? "\(entries[0].name) is executed" : "all of these are executed"
        return what + (open.map { "; azu db:data:run \($0.version) --again goes on with its second run" } ?? "")
    }

    private func confirm(_ entries: [MigrationPlan.Entry], _ session: RunSession) async throws {
        let versions = Set(entries.map(\.version))
        let finished = try await session.runner.status(of: session.plan)
            .filter { $0.executedAt != nil && versions.contains($0.version) }
        guard !finished.isEmpty else { return }
        let names = finished.map(\.name).joined(separator: ", ")
        try Confirmation.ask("\(names) ran to the end before. Run all rows through it again?", yes: session.isSure)
    }
}
