public import DataMigrations
import Database
public import Testing

extension TestDatabase {
    /// Expects that no update is lost which an application makes while a migration runs.
    ///
    /// At each moment at which the run is about to begin a transaction or to write rows, behind what it has read, an
    /// application writes to the rows that the migration changes or deletes: a column that it leaves alone, and one that it
    /// changes. On PostgreSQL it has a session of its own, and waits where a row is locked; on SQLite it waits for the end
    /// of the batch, as every other writer does. Each row must then be what a write before or behind the migration leaves.
    /// The rows make about four batches. The database is left as it was.
    ///
    ///     try await database.expectNoLostUpdate(BackfillUserSlugs.self)
    ///
    /// - Parameters:
    ///   - type: the migration.
    ///   - columns: what the application writes, as `users.name`; columns of text or of integers that no key holds.
    ///   - ignored: what may differ: `users.updated_at`, `*.updated_at`, or a table.
    ///   - sourceLocation: where issues are shown.
    /// - Throws: ``/DataMigrations/MigrationError`` if the migration can't be run.
    public func expectNoLostUpdate<M: DataMigration>(
        _ type: M.Type,
        writing columns: [String] = [],
        ignoring ignored: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await expectNoLostUpdate(
            type.init(),
            writing: columns,
            ignoring: ignored,
            sourceLocation: sourceLocation
        )
    }

    /// Expects that no update is lost which an application makes while a migration runs; one that was made by hand.
    ///
    /// - Parameters: see ``expectNoLostUpdate(_:writing:ignoring:sourceLocation:)-(M.Type,_,_,_)``.
    /// - Throws: ``/DataMigrations/MigrationError`` if the migration can't be run.
    public func expectNoLostUpdate(
        _ migration: some DataMigration,
        writing columns: [String] = [],
        ignoring ignored: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await Trials.of(migration, on: self, ignoring: ignored, at: sourceLocation) { trials in
            guard let usual = try await trials.reference() else { return }
            try await trials.restart()
            let likely = LikelyWrites(from: trials.start, to: usual.contents, connection)
            guard !likely.isEmpty else {
                trials.record(
                    "\(trials.name) changes and deletes no row that has a key, so no update can be lost; leave out "
                        + "expectNoLostUpdate"
                )
                return
            }
            let inserted = trials.start.differences(to: usual.contents).filter(\.isNumberedRow)
            let updates = ConcurrentUpdates(
                trials: trials,
                size: trials.batchSize(for: usual.report),
                numbered: Set(inserted.map(\.table))
            )
            var isTried = false
            for writes in try await likely.sets(named: columns) {
                guard let isRight = try await updates.check(writes) else { continue }
                isTried = true
                guard isRight else { return }
            }
            if !isTried {
                trials.record(
                    "no column of the rows that \(trials.name) changes takes what an application might write, so nothing "
                        + "was tested; name some: writing: [\"users.name\"]"
                )
            }
        }
    }
}

extension RowDifference {
    /// Whether it is a row that is new, and has a number for its key.
    fileprivate var isNumberedRow: Bool {
        guard case .right = kind, key.count == 1, case .number = key[0].value else { return false }
        return true
    }
}
