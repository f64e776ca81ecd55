public import DataMigrations
import Database
public import Testing

extension TestDatabase {
    /// Expects that a migration leaves the same rows, and puts as many aside, however many rows a batch takes.
    ///
    /// The database is left as it was.
    ///
    ///     try await database.expectBatchSizeIndependent(MigratePostsToArticles.self)
    ///
    /// - Parameters:
    ///   - type: the migration.
    ///   - sizes: how many rows a batch takes in each run; the last one is what the others are compared with.
    ///   - ignored: what may differ: `users.updated_at`, `*.updated_at`, or a table.
    ///   - sourceLocation: where issues are shown.
    /// - Throws: ``/DataMigrations/MigrationError`` if the migration can't be run.
    public func expectBatchSizeIndependent<M: DataMigration>(
        _ type: M.Type,
        sizes: [Int] = [1, 2, 7, 1_000],
        ignoring ignored: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await expectBatchSizeIndependent(
            type.init(),
            sizes: sizes,
            ignoring: ignored,
            sourceLocation: sourceLocation
        )
    }

    /// Expects that a migration leaves the same rows, however many rows a batch takes; one that was made by hand.
    ///
    /// - Parameters: see ``expectBatchSizeIndependent(_:sizes:ignoring:sourceLocation:)-(M.Type,_,_,_)``.
    /// - Throws: ``/DataMigrations/MigrationError`` if the migration can't be run.
    public func expectBatchSizeIndependent(
        _ migration: some DataMigration,
        sizes: [Int] = [1, 2, 7, 1_000],
        ignoring ignored: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        guard let last = sizes.last, Set(sizes).count > 1, sizes.allSatisfy({ $0 > 0 }) else {
            throw TestDatabaseError("sizes: takes two or more sizes of batches, from 1 on")
        }
        try await Trials.of(migration, on: self, ignoring: ignored, at: sourceLocation) { trials in
            guard let whole = try await trials.reference(batches: last) else { return }
            for size in sizes.dropLast() {
                try await trials.restart()
                let batches = "in batches of \(size)"
                let report: RunReport
                do {
                    report = try await trials.run(batches: size)
                } catch {
                    trials.record("\(trials.name) depends on the size of batches: \(batches), it fails: \(error)")
                    return
                }
                let isSame = trials.compare(
                    ("in batches of \(last)", whole.contents),
                    (batches, try await trials.contents())
                ) { "\(trials.name) depends on the size of batches: \(batches), \($0) differ" }
                let (bad, others) = (report.openQuarantine, whole.report.openQuarantine)
                if bad != others {
                    trials.record(
                        "\(trials.name) depends on the size of batches: \(batches), it puts \(Trials.rows(bad)) aside, "
                            + "and \(others) in batches of \(last)"
                    )
                }
                guard isSame, bad == others else { return }
            }
        }
    }
}
