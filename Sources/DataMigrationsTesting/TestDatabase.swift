public import DataMigrations
public import Database
public import Foundation
import SQLiteDriver

/// A database of a test's own: SQLite, in memory.
///
///     let database = try await TestDatabase()
///     try await database.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, slug TEXT)")
///     try await database.execute("INSERT INTO users (name) VALUES ('Ada')")
///     let report = try await database.run(BackfillUserSlugs())
///     #expect(report.status == .succeeded)
public struct TestDatabase: DatabaseAccess {
    /// The connection.
    public let connection: any DatabaseConnection

    /// Opens an empty database.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public init() async throws { connection = try await SQLiteConnection(path: nil) }

    /// Runs a migration as `azu db:data:run` does.
    ///
    /// - Parameters:
    ///   - migration: the migration.
    ///   - root: where the paths of files start; the working directory by default.
    /// - Returns: how the run ended.
    /// - Throws: ``/DataMigrations/MigrationError`` if it fails.
    @discardableResult
    public func run(_ migration: some DataMigration, root: URL? = nil) async throws -> RunReport {
        let runner = Runner(connection, root: root ?? URL(filePath: FileManager.default.currentDirectoryPath))
        let entry = Self.entry(migration)
        guard let report = try await runner.migrate(entry) else {
            throw AlreadyRun(name: entry.name)
        }
        return report
    }

    /// Rolls a migration back as `azu db:data:rollback` does.
    ///
    /// - Throws: ``/DataMigrations/MigrationError`` if it fails.
    @discardableResult
    public func rollback(_ migration: some DataMigration, root: URL? = nil) async throws -> RunReport {
        let runner = Runner(connection, root: root ?? URL(filePath: FileManager.default.currentDirectoryPath))
        return try await runner.rollback(Self.entry(migration))
    }

    private static func entry<M: DataMigration>(_ migration: M) -> MigrationPlan.Entry {
        let name = Naming.snakeCase(String(describing: M.self))
        return MigrationPlan.Entry(version: name, name: name) { migration }
    }

    private struct AlreadyRun: Error, CustomStringConvertible {
        var name: String
        var description: String { "\(name) was run on this database before" }
    }
}
