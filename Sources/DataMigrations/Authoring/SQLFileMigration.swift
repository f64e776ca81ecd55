public import Database
import SQLFiles

/// A data migration that is a file of SQL, for which no compiler is needed.
///
///     -- azu:table users
///     -- azu:where slug IS NULL
///     -- azu:verify SELECT id FROM users WHERE slug IS NULL
///     UPDATE users SET slug = lower(name) || '-' || id WHERE {range};
///
/// It runs as one in Swift does: in batches along the table's key, each in a transaction that also saves how far the run
/// came, with a journal, a quarantine, a preview and a way back. docs/sql-migrations.md tells what may stand in it.
public struct SQLFileMigration: DataMigration {
    private let content: Result<SQLMigrationFile, SQLFileError>

    /// One that has no file yet, which refuses to run; ``init(_:path:)`` reads one.
    public init() {
        let problem = "there is no file of SQL to run"
        content = .failure(SQLFileError(file: "-", position: SQLPosition(line: 1, column: 1), message: problem))
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
            content = .success(try SQLMigrationFile(text, name: path))
        } catch {
            content = .failure(error)
        }
    }

    /// What is in the file.
    ///
    /// - Throws: ``/SQLFiles/SQLFileError`` if it can't be read.
    var file: SQLMigrationFile { get throws { try content.get() } }

    /// What the file's header says.
    public var options: MigrationOptions { (try? file.options) ?? MigrationOptions() }

    /// Runs the statements, for each batch of the table's rows or once.
    public func up(_ migration: MigrationContext) async throws {
        let file = try file
        try await migration.run(file.up, of: file.name)
    }

    /// Runs what stands behind `-- azu:down`; without it, leaves the way back to the journal.
    public func down(_ migration: MigrationContext) async throws {
        let file = try file
        guard let down = file.down else { throw NoDown() }
        try await migration.run(down, of: file.name)
    }

    /// Asks the queries of `-- azu:verify`, of which none must find a row.
    public func verify(_ database: any DatabaseAccess) async throws {
        let file = try file
        for check in file.checks {
            let most = MigrationError.mostRows
            let query: SQL = "SELECT * FROM (\(raw: check.query)) AS azu_verify LIMIT \(raw: String(most + 1))"
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
