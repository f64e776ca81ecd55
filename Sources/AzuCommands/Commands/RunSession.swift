import DataMigrations
import Database

/// What the commands that run migrations have in common.
struct RunSession {
    let plan: MigrationPlan
    let runner: Runner
    /// Whether nobody is to be asked.
    let isSure: Bool
    private let format: OutputFormat
    private let handler: StopHandler

    /// Opens the database, and asks first where that is due.
    ///
    /// - Throws: ``CommandFailure``, or ``/Database/DatabaseError`` if the database can't be opened.
    init(
        _ workspace: WorkspaceOptions,
        _ options: RunOptions,
        action: String,
        anyEnvironment: Bool = false
    ) async throws {
        plan = try AzuProgram.requirePlan()
        let settings = try workspace.settings(options.flags)
        isSure = try settings.isOn(.yes)
        try Confirmation.askInProduction(action, settings)
        let hooks = try settings.hooks()
        let stop = StopSignal()
        handler = StopHandler(stop)
        format = options.output
        let (workers, limits) = (try settings.workers, try settings.limits())
        runner = try await Runner(
            settings.connect(),
            observer: Self.observer(options, settings),
            stop: stop,
            root: settings.root,
            allowsChangedSource: settings.isOn(.allowChangedSource),
            workers: workers,
            limits: limits,
            environment: settings.environment,
            allowsAnyEnvironment: anyEnvironment,
            hooks: hooks
        )
    }

    /// Who is told of the runs' progress.
    private static func observer(_ options: RunOptions, _ settings: Settings) throws -> any ProgressObserver {
        let output = ProgressOutput.observer(options.output, verbose: try settings.isOn(.verbose))
        guard let file = try settings.file(.metricsFile) else { return output }
        return ObserverGroup(output, MetricsFile(file))
    }

    /// Tells a person how a run ended.
    func tell(_ report: RunReport, again: Bool = false) {
        guard format == .text else { return }
        Console.print(RunSummary.line(report))
        if let advice = RunSummary.advice(report, again: again) { Console.advise(advice) }
    }

    /// Tells that there was nothing to do.
    ///
    /// - Parameters:
    ///   - why: why there was nothing, where that is known better.
    ///   - count: how many migrations were asked for, where these are not all.
    func tellNothing(_ why: String = "all data migrations are executed", among count: Int? = nil) {
        switch count {
        case nil: format.tellNothing(why)
        case 0: format.tellNothing("no data migration has these tags, or is meant for this environment")
        default: format.tellNothing("all data migrations with these tags, and for this environment, are executed")
        }
    }

    /// The exit code for what several runs came to.
    static func exitCode(_ reports: [RunReport]) -> AzuExitCode {
        if reports.contains(where: { $0.status.isStopped }) { return .stopped }
        return reports.contains { $0.status == .quarantined || $0.conflicts > 0 } ? .quarantined : .done
    }

    func close() async { await runner.connection.close() }
}

extension RunState {
    /// Whether there is more to do, and nobody does it.
    var isStopped: Bool { [.cancelled, .paused, .running].contains(self) }
}

extension AzuProgram {
    /// The migrations that are compiled in.
    static func requirePlan() throws -> MigrationPlan {
        guard let plan else {
            throw CommandFailure("this program has no migrations compiled in; run it inside a project")
        }
        return plan
    }
}
