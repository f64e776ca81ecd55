import ArgumentParser
import DataMigrations
import Database
import SchemaMigrations

/// The command `azu db:migrate`.
struct DatabaseMigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:migrate",
        abstract:
            "Apply the schema migrations of db/migrations that are not applied yet, in the order of their versions.",
        discussion: .discussion(
            """
            A file is one transaction, together with the row that records it. One that says -- azu:no-transaction is run \
            statement by statement. One process at a time migrates; another one waits for it.

            With --with-data, data migrations are run as well, both kinds in the order of their versions. The first one \
            that fails, is stopped, or leaves rows in quarantine is the last; the options of runs and their limits are \
            about these.
            """,
            examples: [
                "All that is not applied": "azu db:migrate",
                "See the statements first; exit code 2 if there are any": "azu db:migrate --dry-run",
                "In CI: is each way back right?": "azu db:migrate --test-rollback --env test",
                "Schema and data together, without asking":
                    "azu db:migrate --with-data --env production --yes",
                "Only the next one, and only if no file was changed": "azu db:migrate --steps 1 --strict",
            ]
        )
    )

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var parameters: ParameterOptions
    @OptionGroup var options: RunOptions

    @Option(help: ArgumentHelp("Stop behind this one.", valueName: "version|name"))
    var version: String?

    @Option(help: ArgumentHelp("Apply at most so many.", valueName: "n"))
    var steps: Int?

    @Flag(help: "Only show what would be done; exit code 2 if there is something to do.")
    var dryRun = false

    @Flag(
        help: """
            Apply each one, take it back, and apply it again; exit code 5 if its way back leaves the schema other than it \
            was. Rows of columns and tables that are dropped on the way are lost.
            """
    )
    var testRollback = false

    @Flag(help: "Run data migrations, too, in the order of all versions.")
    var withData = false

    @Flag(help: "Refuse where files were changed, are missing, or are older than the newest applied one.")
    var strict = false

    @Option(help: ArgumentHelp("How long to wait for another process that migrates the schema.", valueName: "time"))
    var wait: TimeSpan = .minute

    func validate() throws {
        if let steps, steps < 1 { throw ValidationError("--steps takes a number from 1 on") }
        try parameters.expectData(withData)
    }

    func run() async throws {
        let settings = try workspace.settings(options.flags)
        // What drops rows wants a --yes of its own.
        if testRollback, settings.isProduction, !options.yes, !dryRun {
            throw CommandFailure(
                "--test-rollback is for development and tests: it drops what it makes, rows included; say --yes if you mean it"
            )
        }
        let output = SchemaOutput(format: options.output, isVerbose: try settings.isOn(.verbose))
        if dryRun { return try await show(settings, output) }
        if withData { return try await migrateAll(settings, output) }
        try Confirmation.askInProduction("migrate the schema", settings)
        let session = try await SchemaSession(settings, output, wait: wait)
        let chosen = try choose(try await session.pending(isStrict: strict).map(TimelineStep.schema), in: session, nil)
        let reports = try await session.migrate(chosen.compactMap(\.schema), testingRollback: testRollback)
        if reports.isEmpty { output.format.tellNothing("all schema migrations are applied") }
        await session.close()
    }

    /// Runs both kinds in the order of their versions.
    private func migrateAll(_ settings: Settings, _ output: SchemaOutput) async throws {
        let data = try await RunSession(workspace, options, action: "migrate the schema and run the data migrations")
        let session = try await SchemaSession(settings, output, wait: wait, connection: data.runner.connection)
        let schema = try await session.pending(isStrict: strict)
        let statuses = try await data.runner.status(of: data.plan)
        if strict { try Timeline.refuseIrregular(statuses) }
        let waiting = Timeline.pending(data.plan, statuses).filter(data.runner.isMeant)
        let steps = try choose(Timeline.steps(schema, waiting), in: session, data.plan)
        // A value that is missing or wrong is told before anything is written.
        let values = try await data.values(parameters, for: steps.compactMap(\.data), steps: nil)
        var (count, reports) = (0, [RunReport]())
        for step in steps {
            if data.runner.stop.requested != nil { throw ExitCode(AzuExitCode.stopped.rawValue) }
            switch step {
            case .schema(let migration):
                count += try await session.migrate([migration], testingRollback: testRollback).count
            case .data(let entry):
                let values = values[entry.version] ?? [:]
                guard let report = try await data.runner.migrate(entry, arguments: values) else { continue }
                reports.append(report)
                data.tell(report)
            }
            // What comes behind may count on all of its rows.
            if let last = reports.last, last.status.isStopped || last.status == .quarantined { break }
        }
        if count == 0, reports.isEmpty { output.format.tellNothing("all migrations are applied and executed") }
        await data.close()
        if let exit = RunSession.exitCode(reports).exit { throw exit }
    }

    private func show(_ settings: Settings, _ output: SchemaOutput) async throws {
        let plan = withData ? try AzuProgram.requirePlan() : nil
        let session = try await SchemaSession(settings, output, wait: wait)
        let schema = try await session.pending(isStrict: strict)
        var waiting: [MigrationPlan.Entry] = []
        if let plan {
            let connection = session.migrator.connection
            let runner = Runner(connection, root: settings.root, environment: settings.environment)
            let statuses = try await runner.status(of: plan)
            if strict { try Timeline.refuseIrregular(statuses) }
            waiting = Timeline.pending(plan, statuses).filter(runner.isMeant)
        }
        let chosen = try choose(Timeline.steps(schema, waiting), in: session, plan)
        await session.close()
        for step in chosen {
            switch options.output {
            case .text: for line in step.lines { Console.print(line) }
            case .json: Console.json(TimelineStepRecord(step))
            }
        }
        if chosen.isEmpty {
            return output.format.tellNothing(
                withData ? "all migrations are applied and executed" : "all schema migrations are applied"
            )
        }
        throw ExitCode(AzuExitCode.work.rawValue)
    }

    /// The steps that `--version` and `--steps` leave.
    private func choose(
        _ steps: [TimelineStep],
        in session: SchemaSession,
        _ plan: MigrationPlan?
    ) throws -> [TimelineStep] {
        var steps = steps
        if let version {
            let file = session.migrations.first { $0.isNamed(version) }?.version
            let entry = plan?.entries.first { $0.version == version || $0.name == version }?.version
            guard let last = file ?? entry else {
                throw Timeline.unknown(version, session.migrations, plan)
            }
            steps = steps.filter { !VersionOrder.isOlder(last, than: $0.version) }
        }
        return Array(steps.prefix(self.steps ?? .max))
    }
}
