import ArgumentParser
import SQLFiles
import SchemaMigrations

/// The command `azu db:rollback`.
struct DatabaseRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:rollback",
        abstract: "Take schema migrations back, the newest first, by the part behind -- azu:down.",
        discussion: .discussion(
            """
            Where a file is gone, what was behind that line when it was applied is run. Data migrations are taken back by \
            db:data:rollback.
            """,
            examples: [
                "See what would be run": "azu db:rollback --dry-run",
                "The newest one": "azu db:rollback",
                "One by name": "azu db:rollback --version add_email_to_users",
            ]
        )
    )

    @OptionGroup var workspace: WorkspaceOptions

    @Option(help: ArgumentHelp("Only this one.", valueName: "version|name"))
    var version: String?

    @Option(help: ArgumentHelp("The newest so many; 1 by default.", valueName: "n"))
    var steps: Int?

    @Flag(help: "Only show what would be run; exit code 2 if there is something.")
    var dryRun = false

    @OptionGroup var output: OutputOption

    @Flag(help: "Also print each beginning and each statement.")
    var verbose = false

    @Flag(help: "Don't ask, not even in production.")
    var yes = false

    @Option(help: ArgumentHelp("How long to wait for another process that migrates the schema.", valueName: "time"))
    var wait: TimeSpan = .minute

    func validate() throws {
        if let steps, steps < 1 { throw ValidationError("--steps takes a number from 1 on") }
        if steps != nil, version != nil { throw ValidationError("--steps and --version exclude each other") }
    }

    func run() async throws {
        let settings = try workspace.settings(Setting.given([(.yes, yes), (.verbose, verbose)]))
        if !dryRun { try Confirmation.askInProduction("take schema migrations back", settings) }
        let report = SchemaOutput(format: output.format, isVerbose: try settings.isOn(.verbose))
        let session = try await SchemaSession(settings, report, wait: wait)
        let reversals: [SchemaReversal]
        if let version {
            reversals = try await session.migrator.reversals(of: session.migrations, versions: [version])
        } else {
            reversals = try await session.migrator.reversals(of: session.migrations, newest: steps ?? 1)
        }
        if reversals.isEmpty {
            throw CommandFailure("no schema migration is applied, so there is nothing to roll back")
        }
        if dryRun {
            await session.close()
            for reversal in reversals { show(reversal) }
            throw ExitCode(AzuExitCode.work.rawValue)
        }
        try await session.migrator.rollback(reversals)
        await session.close()
    }

    private func show(_ reversal: SchemaReversal) {
        switch output.format {
        case .json: Console.json(ReversalRecord(reversal))
        case .text:
            Console.print("\(reversal.version) \(reversal.name)\(reversal.isMissing ? " (its file is gone)" : "")")
            for statement in reversal.script.statements {
                for line in (statement.text + ";").split(separator: "\n", omittingEmptySubsequences: false) {
                    Console.print("  \(line)")
                }
            }
        }
    }
}

/// What would be run, for a program.
private struct ReversalRecord: Encodable {
    var version: String
    var name: String
    var transaction: Bool
    var missing: Bool
    var statements: [String]

    init(_ reversal: SchemaReversal) {
        (version, name, missing) = (reversal.version, reversal.name, reversal.isMissing)
        transaction = reversal.script.isTransactional
        statements = reversal.script.statements.map(\.text)
    }
}
