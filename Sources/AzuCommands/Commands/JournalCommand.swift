import ArgumentParser
import DataMigrations

/// The command `azu db:data:journal size|show|prune`.
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:journal",
        abstract: "Look into the journal that rollbacks are made with, or remove old parts of it.",
        discussion: .discussion(examples: [
            "How much each migration's journal holds": "azu db:data:journal",
            "What happened to a row": "azu db:data:journal show backfill_user_slugs --row 42",
        ]),
        subcommands: [Size.self, Show.self, Prune.self],
        defaultSubcommand: Size.self
    )
}

extension JournalCommand {
    /// `azu db:data:journal size`.
    struct Size: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how much the journal of each data migration holds.",
            discussion: .discussion(examples: ["Of each migration": "azu db:data:journal size"])
        )

        @OptionGroup var workspace: WorkspaceOptions

        @Option(help: "What to print: text, or json (one object a line).")
        var output: OutputFormat = .text

        func run() async throws {
            let plan = try AzuProgram.requirePlan()
            let settings = try workspace.settings()
            let runner = Runner(try await settings.connect(), root: settings.root)
            var table = TextTable(header: ["version", "name", "batches", "rows", "stored", "uncompressed"])
            table.numeric = [2, 3, 4, 5]
            for entry in plan.entries {
                let size = try await runner.journalSize(of: entry.version)
                switch output {
                case .json: Console.json(SizeRecord(version: entry.version, name: entry.name, journal: size))
                case .text where size.entries > 0:
                    table.rows.append([
                        entry.version, entry.name, Numbers.count(size.entries), Numbers.count(size.rows),
                        Numbers.bytes(size.bytes), Numbers.bytes(size.inflated),
                    ])
                case .text: break
                }
            }
            await runner.connection.close()
            guard output == .text else { return }
            if table.rows.isEmpty { return Console.print("the journal is empty") }
            for line in table.lines { Console.print(line) }
        }
    }

    /// `azu db:data:journal show V --row KEY`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a data migration did to one row.",
            discussion: .discussion(examples: [
                "By its key": "azu db:data:journal show backfill_user_slugs --row 42",
                "By a key of several columns": "azu db:data:journal show move_seats --row 12,B",
            ])
        )

        @Argument(help: ArgumentHelp("A version or a name.", valueName: "version|name"))
        var migration: String

        @Option(help: "The row's key: its value, several with commas between, or a JSON object.")
        var row: String

        @OptionGroup var workspace: WorkspaceOptions

        @Option(help: "What to print: text, or json (one object a line).")
        var output: OutputFormat = .text

        func run() async throws {
            let entry = try AzuProgram.requirePlan().entry(migration)
            let settings = try workspace.settings()
            let runner = Runner(try await settings.connect(), root: settings.root)
            var count = 0
            try await runner.journal(of: entry, row: row) { found in
                count += 1
                switch output {
                case .json: Console.json(found)
                case .text:
                    Console.print("\(found.at)  \(found.kind)  \(found.table) \(found.key)")
                    if let before = found.before { Console.print("  before: \(before)") }
                    if let after = found.after { Console.print("  after:  \(after)") }
                }
            }
            await runner.connection.close()
            if count == 0, output == .text { Console.note("the journal of \(entry.name) has no row \(row)") }
        }
    }

    /// `azu db:data:journal prune --older-than 30d`.
    struct Prune: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove the journal of runs that ended long ago; they can't be rolled back by it any more.",
            discussion: .discussion(examples: [
                "All that ended more than a month ago": "azu db:data:journal prune --older-than 30d",
                "Of one migration, without asking": "azu db:data:journal prune import_people --older-than 12h --yes",
            ])
        )

        @Argument(help: ArgumentHelp("A version or a name; all, if none is given.", valueName: "version|name"))
        var migration: String?

        @Option(help: ArgumentHelp("How long ago a run must have ended: 30d, 12h, 45m, 10s.", valueName: "time"))
        var olderThan: TimeSpan

        @OptionGroup var workspace: WorkspaceOptions

        @Flag(help: "Don't ask.")
        var yes = false

        @OptionGroup var output: OutputOption

        func run() async throws {
            let entry = try migration.map { try AzuProgram.requirePlan().entry($0) }
            let settings = try workspace.settings()
            let whose = entry.map { "of \($0.name)" } ?? "of all data migrations"
            try Confirmation.ask("Remove the journal \(whose) that is older than \(olderThan.text)?", yes: yes)
            let runner = Runner(try await settings.connect(), root: settings.root)
            let removed = try await runner.pruneJournal(olderThan: olderThan.seconds, of: entry)
            await runner.connection.close()
            switch output.format {
            case .text:
                Console.print(
                    "removed the entries of \(Numbers.count(removed.entries)) batches, \(Numbers.bytes(removed.bytes))"
                )
            case .json: Console.json(PruneRecord(entries: removed.entries, bytes: removed.bytes))
            }
        }
    }
}

/// A journal's size for a program.
private struct SizeRecord: Encodable {
    var version: String
    var name: String
    var journal: JournalSize
}
