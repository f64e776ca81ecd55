import ArgumentParser
import DataMigrations

/// The command `azu db:data:rollback`.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:rollback",
        abstract: "Take data migrations back, the newest first: with their own `down`, or else with their journal.",
        discussion: .discussion(
            """
            Only rows that still hold what the migration wrote are touched. If others were changed since, nothing is \
            rolled back, unless --on-conflict says what is to become of them; --plan shows them.
            """,
            examples: [
                "See what would be taken back": "azu db:data:rollback --plan",
                "The newest one that is executed": "azu db:data:rollback",
                "One by name; rows that were changed since stay":
                    "azu db:data:rollback --version backfill_user_slugs --on-conflict skip",
            ]
        )
    )

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var options: RunOptions

    @Option(help: ArgumentHelp("Only this one.", valueName: "version|name"))
    var version: String?

    @Option(help: ArgumentHelp("The newest so many; 1 by default.", valueName: "n"))
    var steps: Int?

    @Flag(
        help: """
            Show what would be taken back, and write nothing. Exit code 0: nothing, 2: something, 1: it would not begin.
            """
    )
    var plan = false

    @Option(help: "What becomes of rows that were changed since: stop, skip (they stay), or force (overwrite them).")
    var onConflict: ConflictChoice = .stop

    @Flag(help: "Go on although the migration also wrote what no journal can take back; that stays as it is.")
    var journaledOnly = false

    func validate() throws {
        if let steps, steps < 1 { throw ValidationError("--steps takes a number from 1 on") }
        if steps != nil, version != nil { throw ValidationError("give either --version or --steps") }
    }

    func run() async throws {
        if plan { return try await show() }
        let session = try await RunSession(workspace, options, action: "roll data migrations back")
        let entries = try await entries(session.plan, session.runner)
        if entries.isEmpty { throw CommandFailure("no data migration is executed, so there is nothing to roll back") }
        var reports: [RunReport] = []
        for entry in entries {
            let report = try await session.runner.rollback(
                entry,
                onConflict: onConflict.policy,
                journaledOnly: journaledOnly
            )
            reports.append(report)
            session.tell(report)
            if report.status == .paused { break }
        }
        await session.close()
        if let exit = RunSession.exitCode(reports).exit { throw exit }
    }

    private func show() async throws {
        let migrations = try AzuProgram.requirePlan()
        let settings = try workspace.settings()
        let runner = Runner(try await settings.connect(), root: settings.root)
        var code = AzuExitCode.done
        let entries = try await entries(migrations, runner)
        if entries.isEmpty, options.output == .text { Console.print("nothing to roll back: nothing is executed") }
        for entry in entries {
            let plan = try await runner.rollbackPlan(of: entry, journaledOnly: journaledOnly)
            switch options.output {
            case .text: for line in RollbackReport(plan, onConflict.policy).lines { Console.print(line) }
            case .json: Console.json(RollbackRecord(plan))
            }
            if plan.conflictCount > 0, onConflict == .stop {
                code = .failed
            } else if code == .done, plan.usesDown || plan.rows > 0 {
                code = .work
            }
        }
        await runner.connection.close()
        if let exit = code.exit { throw exit }
    }

    private func entries(_ plan: MigrationPlan, _ runner: Runner) async throws -> [MigrationPlan.Entry] {
        if let version { return [try plan.entry(version)] }
        let executed = try await runner.status(of: plan).filter { $0.executedAt != nil }
        return try executed.suffix(steps ?? 1).reversed().map { try plan.entry($0.version) }
    }
}

/// ``DataMigrations/ConflictPolicy`` on the command line.
enum ConflictChoice: String, ExpressibleByArgument, CaseIterable {
    case stop, skip, force

    var policy: ConflictPolicy {
        switch self {
        case .stop: .stop
        case .skip: .skip
        case .force: .force
        }
    }
}
