import ArgumentParser
import DataMigrations

/// The command `azu db:data:verify [V…]`.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:verify",
        abstract: "Ask again whether data migrations left the data as it should be.",
        discussion: .discussion(
            """
            Counts the rows that meet a row migration's condition though processed rows leave it, then asks the migration's \
            own verify, and records the answer. A migration that fails stays executed, but db:data:require refuses it.
            """,
            examples: [
                "All that are executed": "azu db:data:verify",
                "One": "azu db:data:verify backfill_user_slugs",
            ]
        )
    )

    @Argument(help: ArgumentHelp("Versions or names; all that are executed by default.", valueName: "version|name"))
    var migrations: [String] = []

    @OptionGroup var workspace: WorkspaceOptions

    @Option(help: "What to print: text, or json (one object a line).")
    var output: OutputFormat = .text

    func run() async throws {
        let plan = try AzuProgram.requirePlan()
        let settings = try workspace.settings()
        let connection = try await settings.connect()
        let runner = Runner(connection, root: settings.root)
        let entries = try await entries(plan, runner)
        var reports: [VerificationReport] = []
        for entry in entries {
            let report = try await runner.verify(entry)
            tell(report)
            reports.append(report)
        }
        await connection.close()
        if reports.isEmpty, output == .text { Console.print("nothing to verify: no data migration is executed") }
        if let failure = Self.failure(reports) { throw failure }
    }

    private func entries(_ plan: MigrationPlan, _ runner: Runner) async throws -> [MigrationPlan.Entry] {
        if !migrations.isEmpty { return try migrations.map { try plan.entry($0) } }
        let executed = try await runner.status(of: plan).filter { $0.executedAt != nil }
        let known = Set(plan.entries.map(\.version))
        for status in executed where !known.contains(status.version) {
            Console.note("\(status.version) \(status.name) is missing from this program, so it is not verified")
        }
        return try executed.filter { known.contains($0.version) }.map { try plan.entry($0.version) }
    }

    private func tell(_ report: VerificationReport) {
        switch output {
        case .text:
            let (mark, outcome) = report.isPassed ? ("✓", "verified") : ("✗", "verification failed")
            let time = Numbers.duration(report.duration)
            Console.print("\(mark) \(report.version) \(report.name): \(outcome) (\(time))")
        case .json: Console.json(VerificationRecord(report))
        }
    }

    /// What ends the command where verifications failed.
    private static func failure(_ reports: [VerificationReport]) -> CommandFailure? {
        let failed = reports.filter { !$0.isPassed }
        guard !failed.isEmpty else { return nil }
        let rows = failed.flatMap { report in
            // With several migrations, a row does not tell whose it is.
            (report.failure?.rows ?? []).map { failed.count == 1 ? $0 : "\(report.name): \($0)" }
        }
        let message = failed.compactMap { $0.failure?.description }.joined(separator: "; ")
        return CommandFailure(message, code: .verification, rows: rows)
    }
}

/// A verification for a program.
private struct VerificationRecord: Encodable {
    var version: String
    var name: String
    var verification: String
    var error: String?
    var rows: [String]?
    var seconds: Double

    init(_ report: VerificationReport) {
        version = report.version
        name = report.name
        verification = report.isPassed ? "passed" : "failed"
        error = report.failure?.description
        rows = report.failure?.rows
        seconds = report.duration / .seconds(1)
    }
}
