public import DataMigrations
import Database
public import Foundation

extension TestDatabase {
    /// Runs a migration as `azu db:data:run` does.
    ///
    /// - Parameters:
    ///   - type: the migration.
    ///   - root: where the paths of files start; the database's ``root`` by default.
    /// - Returns: how the run ended.
    /// - Throws: ``/DataMigrations/MigrationError`` if it fails.
    @discardableResult
    public func run<M: DataMigration>(_ type: M.Type, root: URL? = nil) async throws -> RunReport {
        try await run(type.init(), root: root)
    }

    /// Runs a migration that was made by hand as `azu db:data:run` does.
    ///
    /// - Parameters:
    ///   - migration: the migration.
    ///   - root: where the paths of files start; the database's ``root`` by default.
    /// - Returns: how the run ended.
    /// - Throws: ``/DataMigrations/MigrationError`` if it fails.
    @discardableResult
    public func run(_ migration: some DataMigration, root: URL? = nil) async throws -> RunReport {
        let entry = Self.entry(migration)
        guard let report = try await migrating(root: root).migrate(entry) else {
            throw TestDatabaseError("\(entry.name) was run on this database before")
        }
        return report
    }

    /// Rolls a migration back as `azu db:data:rollback` does.
    ///
    /// - Throws: ``/DataMigrations/MigrationError`` if it fails.
    @discardableResult
    public func rollback<M: DataMigration>(_ type: M.Type, root: URL? = nil) async throws -> RunReport {
        try await rollback(type.init(), root: root)
    }

    /// Rolls a migration that was made by hand back as `azu db:data:rollback` does.
    ///
    /// - Throws: ``/DataMigrations/MigrationError`` if it fails.
    @discardableResult
    public func rollback(_ migration: some DataMigration, root: URL? = nil) async throws -> RunReport {
        try await migrating(root: root).rollback(Self.entry(migration))
    }

    /// Shows what a migration would do, as `azu db:data:plan` does, and leaves nothing of it.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func preview<M: DataMigration>(
        _ type: M.Type,
        _ options: PreviewOptions = PreviewOptions(),
        root: URL? = nil
    ) async throws -> Preview {
        try await preview(type.init(), options, root: root)
    }

    /// Shows what a migration that was made by hand would do, as `azu db:data:plan` does, and leaves nothing of it.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func preview(
        _ migration: some DataMigration,
        _ options: PreviewOptions = PreviewOptions(),
        root: URL? = nil
    ) async throws -> Preview {
        try await migrating(root: root).preview(Self.entry(migration), options)
    }

    private func migrating(root: URL?) -> Runner {
        Runner(connection, root: root ?? self.root, limits: RunLimits(signals: [], latencyGrowth: nil))
    }

    /// The entry of a plan that a migration has here; its version is its name.
    static func entry<M: DataMigration>(_ migration: M) -> MigrationPlan.Entry {
        let name = Naming.snakeCase(String(describing: M.self))
        return MigrationPlan.Entry(version: name, name: name) { migration }
    }
}
