import ArgumentParser
import DataMigrations

/// The command `azu db:data:failures V`.
struct FailuresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:data:failures",
        abstract: "List the rows of a data migration that wait in quarantine, with their contents.",
        discussion: .discussion(examples: [
            "Each row with its error": "azu db:data:failures import_people",
            "For a spreadsheet": "azu db:data:failures import_people --output csv > bad-rows.csv",
            "The errors alone": "azu db:data:failures import_people --output json | jq -r .error",
        ])
    )

    @Argument(help: ArgumentHelp("A version or a name.", valueName: "version|name"))
    var migration: String

    @OptionGroup var workspace: WorkspaceOptions

    @Option(help: "What to print: text, json (one object a line) or csv.")
    var output: ListFormat = .text

    func run() async throws {
        let entry = try AzuProgram.requirePlan().entry(migration)
        let settings = try workspace.settings()
        let connection = try await settings.connect()
        let runner = Runner(connection, root: settings.root)
        var (after, count) = (Int64(0), 0)
        if output == .csv { Console.print("row,error,original") }
        while true {
            let page = try await runner.failures(of: entry, after: after)
            guard let last = page.last else { break }
            for (_, row) in page { tell(row) }
            (after, count) = (last.number, count + page.count)
        }
        await connection.close()
        if output == .text {
            Console.note(count == 0 ? "no rows in quarantine" : "\(Numbers.rows(count)) in quarantine")
        }
    }

    private func tell(_ row: QuarantinedRow) {
        switch output {
        case .text: Console.print("\(row.locator)  \(row.error)\n    \(row.original)")
        case .json: Console.json(["row": row.locator, "error": row.error, "original": row.original])
        case .csv: Console.print([row.locator, row.error, row.original].map(Self.quoted).joined(separator: ","))
        }
    }

    private static func quoted(_ field: String) -> String {
        guard field.contains(where: { ",\"\n\r".contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
