import ArgumentParser
import DataMigrations

/// The command `azu db:data:status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:status",
        abstract: "Show where each data migration stands. Writes nothing.",
        discussion: .discussion(examples: [
            "Where each one stands": "azu db:data:status",
            "What is not executed": "azu db:data:status --output json | jq -r 'select(.executed_at == null).name'",
        ])
    )

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var tags: TagOptions

    @Option(help: "What to print: text, or json (one object a line).")
    var output: OutputFormat = .text

    func run() async throws {
        let plan = try AzuProgram.requirePlan()
        let settings = try workspace.settings()
        let connection = try await settings.connect()
        let runner = Runner(connection, root: settings.root, environment: settings.environment)
        let selected = Set(tags.select(plan.entries, of: plan).map(\.version))
        let known = Set(plan.entries.map(\.version))
        let statuses = try await runner.status(of: plan).filter { status in
            // What is missing from this program has no tags that anybody knows.
            known.contains(status.version) ? selected.contains(status.version) : tags.selects(status.tags)
        }
        await connection.close()
        switch output {
        case .json: for status in statuses { Console.json(StatusRecord(status)) }
        case .text:
            if plan.entries.isEmpty, statuses.isEmpty {
                Console.print("no data migrations; azu generate data_migration NAME writes one")
            }
            if !statuses.isEmpty { for line in Self.table(statuses).lines { Console.print(line) } }
            for status in statuses {
                guard let error = status.error else { continue }
                // Most errors of a run begin with its name.
                Console.advise(error.hasPrefix("\(status.name): ") ? "  \(error)" : "  \(status.name): \(error)")
            }
        }
    }

    static func table(_ statuses: [MigrationStatus]) -> TextTable {
        var table = TextTable(header: [
            "status", "version", "name", "rows", "written", "quarantine", "journal", "executed (UTC)", "verified (UTC)",
        ])
        let hasTags = statuses.contains { !$0.tags.isEmpty }
        table.header += hasTags ? ["tags", ""] : [""]
        table.numeric = [3, 4, 5, 6]
        for status in statuses {
            let counters = status.counters
            table.rows.append([
                status.word, status.version, status.name,
                Numbers.count(counters.visited), Numbers.count(counters.written), Numbers.count(status.openQuarantine),
                status.journal.entries == 0 ? "-" : Numbers.bytes(status.journal.bytes),
                Self.time(status.executedAt), Self.time(status.verifiedAt),
            ])
            let end = (hasTags ? [status.tags.joined(separator: ", ")] : []) + [status.notes.joined(separator: ", ")]
            table.rows[table.rows.count - 1] += end
        }
        return table
    }

    /// `2026-11-23 01:13:30`: PostgreSQL's clock also gives microseconds, which nobody reads here.
    private static func time(_ text: String?) -> String { text.map { String($0.prefix(19)) } ?? "-" }
}

/// A migration's status for a program.
private struct StatusRecord: Encodable {
    var version: String
    var name: String
    var status: String
    var executedAt: String?
    var verification: String?
    var verifiedAt: String?
    var counters: ChangeCounters
    var openQuarantine: Int
    var journal: JournalSize
    var error: String?
    var notes: [String]
    var path: String?
    var tags: [String]
    var environments: [String]

    init(_ status: MigrationStatus) {
        version = status.version
        name = status.name
        self.status = status.word
        executedAt = status.executedAt
        verification = status.verification
        verifiedAt = status.verifiedAt
        counters = status.counters
        openQuarantine = status.openQuarantine
        journal = status.journal
        error = status.error
        notes = status.notes
        path = status.path
        tags = status.tags
        environments = status.environments
    }
}
