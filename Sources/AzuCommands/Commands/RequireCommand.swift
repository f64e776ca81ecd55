import ArgumentParser
import DataMigrations

/// The command `azu db:data:require V…`.
struct RequireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:require",
        abstract: "Fail unless data migrations are executed and verified: a gate for releases. Writes nothing.",
        discussion: .discussion(
            "It reads the ledger alone: the migrations need not be compiled into this program.",
            examples: [
                "Before a release that reads the slugs": "azu db:data:require backfill_user_slugs && ./deploy",
                "By version, for a program": "azu db:data:require 20240103120000 --output json",
            ]
        )
    )

    @Argument(help: ArgumentHelp("Versions or names.", valueName: "version|name"))
    var migrations: [String]

    @OptionGroup var workspace: WorkspaceOptions

    @Option(help: "What to print: text, or json (one object).")
    var output: OutputFormat = .text

    func run() async throws {
        let connection = try await workspace.settings().connect()
        do {
            try await DataMigrations.require(migrations, in: connection)
        } catch let error as MigrationError where error.code == .gate {
            if output == .json {
                Console.json(GateRecord(migrations: migrations, passed: false, error: error.description))
            }
            throw error
        }
        await connection.close()
        switch output {
        case .text: Console.print("✓ executed and verified: \(migrations.joined(separator: ", "))")
        case .json: Console.json(GateRecord(migrations: migrations, passed: true))
        }
    }
}

/// What the gate says, for a program.
private struct GateRecord: Encodable {
    var migrations: [String]
    var passed: Bool
    var error: String?
}
