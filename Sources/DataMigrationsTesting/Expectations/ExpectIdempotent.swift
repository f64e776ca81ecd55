public import DataMigrations
import Database
public import Testing

extension TestDatabase {
    /// Expects that a migration which is run once more (`azu db:data:run --again`) changes nothing.
    ///
    /// Rows that were put aside are accepted in between. The database is left as it was.
    ///
    ///     try await database.expectIdempotent(BackfillUserSlugs.self)
    ///
    /// - Parameters:
    ///   - type: the migration.
    ///   - ignored: what may differ: `users.updated_at`, `*.updated_at`, or a table.
    ///   - sourceLocation: where issues are shown.
    /// - Throws: ``/DataMigrations/MigrationError`` if the migration can't be run.
    public func expectIdempotent<M: DataMigration>(
        _ type: M.Type,
        ignoring ignored: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await expectIdempotent(type.init(), ignoring: ignored, sourceLocation: sourceLocation)
    }

    /// Expects that a migration which is run once more changes nothing; one that was made by hand.
    ///
    /// - Parameters: see ``expectIdempotent(_:ignoring:sourceLocation:)-(M.Type,_,_)``.
    /// - Throws: ``/DataMigrations/MigrationError`` if the migration can't be run.
    public func expectIdempotent(
        _ migration: some DataMigration,
        ignoring ignored: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await Trials.of(migration, on: self, ignoring: ignored, at: sourceLocation) { trials in
            guard let first = try await trials.reference() else { return }
            // Until then, nothing is run again.
            if first.report.status == .quarantined { _ = try await trials.runner().accept(trials.entry) }
            do {
                _ = try await trials.runner().migrate(trials.entry, again: true)
            } catch {
                trials.record("\(trials.name) is not idempotent: run again, it fails: \(error)")
                return
            }
            trials.compare(
                ("after the first run", first.contents),
                ("after the second", try await trials.contents())
            ) { "\(trials.name) is not idempotent: run again, it changes \($0)" }
        }
    }
}
