import DataMigrations
import Database
import SchemaMigrations

/// What the commands that work on the schema have in common.
struct SchemaSession {
    let settings: Settings
    /// The files, in the order of their versions.
    let migrations: [SchemaMigration]
    let migrator: SchemaMigrator
    let output: SchemaOutput

    /// Opens the database.
    ///
    /// - Parameters:
    ///   - settings: which one.
    ///   - output: who is told what.
    ///   - wait: how long to wait for another process that migrates the schema.
    ///   - connection: a session that is open already.
    /// - Throws: what is wrong with a file; ``/Database/DatabaseError`` if the database can't be opened.
    init(
        _ settings: Settings,
        _ output: SchemaOutput,
        wait: TimeSpan = .minute,
        connection: (any DatabaseConnection)? = nil
    ) async throws {
        self.settings = settings
        self.output = output
        // What is wrong with a file is told before the database is asked for.
        migrations = try SchemaFolder.load(root: settings.root)
        let session: any DatabaseConnection
        if let connection { session = connection } else { session = try await settings.connect() }
        migrator = SchemaMigrator(
            session,
            patience: wait.duration,
            observer: { output.observe($0) },
            requirement: { try await DataMigrations.require($0, in: session) }
        )
    }

    func close() async { await migrator.connection.close() }

    /// The migrations that are not applied, in order, with what is to be known of the others.
    ///
    /// - Parameter isStrict: whether what is out of order, changed or missing is refused.
    /// - Returns: the migrations.
    /// - Throws: ``CommandFailure`` that names them.
    func pending(isStrict: Bool) async throws -> [SchemaMigration] {
        let statuses = try await migrator.status(of: migrations)
        let irregular = statuses.filter(\.isIrregular)
        if isStrict, !irregular.isEmpty {
            throw CommandFailure(
                "the files and the database disagree, so --strict applies nothing; azu db:status shows them all",
                rows: irregular.map(Self.line)
            )
        }
        if output.format == .text {
            for status in irregular where !status.isMissing { Console.note("note: \(Self.line(status))") }
        }
        let applied = Set(statuses.filter(\.isApplied).map(\.version))
        return migrations.filter { !applied.contains($0.version) }
    }

    private static func line(_ status: SchemaStatus) -> String {
        let notes = status.notes.filter { $0 != "no way back" }.joined(separator: ", ")
        return "\(status.version) \(status.name): \(notes)"
    }

    /// Applies migrations.
    ///
    /// - Throws: ``CommandFailure`` with what differs, where a way back is wrong.
    @discardableResult
    func migrate(_ migrations: [SchemaMigration], testingRollback: Bool = false) async throws -> [SchemaReport] {
        do {
            return try await migrator.migrate(migrations, testingRollback: testingRollback)
        } catch let error as SchemaMigrationError where error.code == .rollbackDiffers {
            if output.format == .json {
                Console.json(DifferenceRecord(error: error.description, differences: error.details))
            }
            let rows = output.format == .text ? error.details : []
            throw CommandFailure(error.description, code: .verification, rows: rows)
        }
    }

    /// How a way back differs, for a program.
    private struct DifferenceRecord: Encodable {
        var event = "rollback_differs"
        var error: String
        var differences: [String]
    }
}

extension SchemaMigration {
    /// Whether it is the one that a person names.
    func isNamed(_ reference: String) -> Bool { version == reference || name == reference }
}
