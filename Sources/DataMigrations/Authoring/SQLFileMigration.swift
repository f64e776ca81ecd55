public import Database
import Foundation
import SQLFiles

/// A data migration that is a file of SQL, for which no compiler is needed.
///
///     -- azu:table users
///     -- azu:param newest date Users who came before that day get a slug.
///     -- azu:where slug IS NULL AND created_at < {newest}
///     UPDATE users SET slug = lower(name) || '-' || id WHERE {range};
///
/// It runs as one in Swift does: in batches along the table's key, each in a transaction that also saves how far the run
/// came, with a journal, a quarantine, a preview and a way back. docs/sql-migrations.md tells what may stand in it.
public struct SQLFileMigration: DataMigration {
    private let content: Result<SQLMigrationFile, SQLFileError>
    /// What whoever runs it gives: the lines `-- azu:param`.
    public let parameters: [ParameterDescription]
    /// Where the moment is kept when the run began.
    private let moment = PlainStorage(type: .date)

    /// One that has no file yet, which refuses to run; ``init(_:path:)`` reads one.
    public init() {
        let problem = "there is no file of SQL to run"
        self.init(.failure(SQLFileError(file: "-", position: SQLPosition(line: 1, column: 1), message: problem)))
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - text: what is in it.
    ///   - path: where it is, below the project's root; for messages.
    /// - Throws: what is wrong with it, in one line with the file, the line and the column.
    public init(_ text: String, path: String) throws {
        self.init(reading: text, path: path)
        _ = try file
    }

    /// Reads a file; what is wrong with it is thrown when it is used.
    init(reading text: String, path: String) {
        do throws(SQLFileError) {
            self.init(.success(try SQLMigrationFile(text, name: path)))
        } catch {
            self.init(.failure(error))
        }
    }

    private init(_ content: Result<SQLMigrationFile, SQLFileError>) {
        self.content = content
        parameters = ((try? content.get())?.parameters ?? []).map(\.description)
    }

    /// The same migration for another run, with places of its own for the run's values.
    var anew: SQLFileMigration { SQLFileMigration(content) }

    /// What is in the file.
    ///
    /// - Throws: ``/SQLFiles/SQLFileError`` if it can't be read.
    var file: SQLMigrationFile { get throws { try content.get() } }

    /// What is in the file, with the values of the run.
    ///
    /// - Throws: ``/SQLFiles/SQLFileError`` if it can't be read; ``MigrationError`` if there is no run.
    func file(for dialect: any Dialect) throws -> SQLMigrationFile {
        let (file, all) = (try file, parameters + builtIns)
        return all.isEmpty ? file : file.binding(try FileValues(all, of: file.name, dialect))
    }

    /// What a run records by itself: `{now}`, where the file asks for it.
    var builtIns: [ParameterDescription] {
        guard (try? file)?.asksForNow == true else { return [] }
        // Not finer than every database keeps it.
        let now = Date(timeIntervalSince1970: (Date.now.timeIntervalSince1970 * 1_000).rounded(.down) / 1_000)
        return [
            ParameterDescription(
                name: KnownPlaceholders.now,
                type: .date,
                help: "When the run began.",
                default: .date(now),
                storage: moment
            )
        ]
    }

    /// What the file's header says.
    public var options: MigrationOptions { (try? file.options) ?? MigrationOptions() }

    /// The line `-- azu:tags`.
    public var tags: Set<String> { (try? file.tags) ?? [] }

    /// The line `-- azu:environments`.
    public var environments: Set<String> { (try? file.environments) ?? [] }

    /// Runs the statements, for each batch of the table's rows or once.
    public func up(_ migration: MigrationContext) async throws {
        let file = try file(for: migration.connection.dialect)
        try await migration.run(file.up, of: file.name)
    }

    /// Runs what stands behind `-- azu:down`; without it, leaves the way back to the journal.
    public func down(_ migration: MigrationContext) async throws {
        guard try file.down != nil else { throw NoDown() }
        let file = try file(for: migration.connection.dialect)
        guard let down = file.down else { throw NoDown() }
        try await migration.run(down, of: file.name)
    }

    /// Asks the queries of `-- azu:verify`, of which none must find a row.
    public func verify(_ database: any DatabaseAccess) async throws {
        let file = try file(for: database.connection.dialect)
        for check in file.checks {
            let most = MigrationError.mostRows
            let query: SQL = "SELECT * FROM (\(check.template.sql(nil))) AS azu_verify LIMIT \(raw: String(most + 1))"
            let found = try await database.connection.queryUnhurried(query)
            guard !found.isEmpty else { continue }
            let count =
                found.count > most ? "more than \(most) rows" : found.count == 1 ? "1 row" : "\(found.count) rows"
            throw MigrationError(
                .verification,
                "\(count) found by azu:verify on line \(check.position.line) of \(file.name), which must find none",
                rows: found.prefix(most).map { StoredRow.text(columns: found.columns, values: $0.values, from: 0) }
            )
        }
    }
}
