import ArgumentParser
import DataMigrations
import SchemaMigrations

/// The command `azu db:status`.
struct DatabaseStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:status",
        abstract: "Show schema and data migrations on one list, in the order of their versions. Writes nothing.",
        discussion: .discussion(examples: [
            "Where both kinds stand": "azu db:status",
            "What a release has still to do": "azu db:status --output json | jq -r 'select(.done_at == null).name'",
        ])
    )

    @OptionGroup var workspace: WorkspaceOptions

    @OptionGroup var output: OutputOption

    func run() async throws {
        let settings = try workspace.settings()
        let session = try await SchemaSession(settings, SchemaOutput(format: output.format))
        let schema = try await session.migrator.status(of: session.migrations).map(TimelineRecord.init)
        var data: [TimelineRecord] = []
        if let plan = AzuProgram.plan {
            let connection = session.migrator.connection
            let runner = Runner(connection, root: settings.root, environment: settings.environment)
            data = try await runner.status(of: plan).map(TimelineRecord.init)
        }
        await session.close()
        let records = TimelineRecord.sorted(schema + data)
        switch output.format {
        case .json: for record in records { Console.json(record) }
        case .text:
            if records.isEmpty { return Console.print("no migrations; azu generate migration NAME writes one") }
            for line in Self.table(records).lines { Console.print(line) }
            for record in records { if let error = record.error { Console.advise("  \(record.name): \(error)") } }
        }
    }

    static func table(_ records: [TimelineRecord]) -> TextTable {
        var table = TextTable(header: ["status", "version", "kind", "name", "done (UTC)", ""])
        for record in records {
            table.rows.append([
                record.status, record.version, record.kind, record.name.isEmpty ? "-" : record.name,
                record.doneAt.map { String($0.prefix(19)) } ?? "-", record.notes.joined(separator: ", "),
            ])
        }
        return table
    }
}

/// Where a migration of either kind stands.
struct TimelineRecord: Encodable {
    var version: String
    var kind: String
    var name: String
    var status: String
    /// When it was applied or executed.
    var doneAt: String?
    var doneBy: String?
    var notes: [String]
    var changed: Bool?
    var missing: Bool?
    var outOfOrder: Bool?
    var path: String?
    var error: String?

    init(_ status: SchemaStatus) {
        (version, kind, name, path) = (status.version, "schema", status.name, status.path)
        self.status = status.isApplied ? "applied" : "pending"
        (doneAt, doneBy, notes) = (status.appliedAt, status.appliedBy, status.notes)
        (changed, missing, outOfOrder) = (status.isChanged, status.isMissing, status.isOutOfOrder)
    }

    init(_ status: MigrationStatus) {
        (version, kind, name, path) = (status.version, "data", status.name, status.path)
        self.status = status.word
        (doneAt, notes, error) = (status.executedAt, status.notes, status.error)
    }

    /// In the order of the versions; of one version, the schema comes first.
    static func sorted(_ records: [TimelineRecord]) -> [TimelineRecord] {
        records.sorted { left, right in
            if left.version == right.version { return left.kind == "schema" && right.kind == "data" }
            return VersionOrder.isOlder(left.version, than: right.version)
        }
    }
}
