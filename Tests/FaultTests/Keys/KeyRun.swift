import DataMigrations
import Database
import TestSupport

/// A migration of `items`, in one go or with stops.
struct KeyRun: Sendable {
    /// One process of a run.
    struct Attempt: Sendable {
        /// After how many batches it is stopped; `nil` if nobody stops it.
        var batches: Int?
        var workers = 1
    }

    let table: KeyTable
    let recipe: KeyRecipe
    /// Those that are stopped, and then one that is not.
    let attempts: [Attempt]

    /// Makes the tables, runs the migration to its end, and counts visits whenever it stops.
    ///
    /// - Parameters:
    ///   - keys: those of the rows.
    ///   - random: makes what else the rows hold.
    ///   - connection: an empty database, but for what the key's types need.
    /// - Returns: what went wrong; `nil` if each row was visited once.
    /// - Throws: what keeps the migration from being run.
    func failure(
        _ keys: [[Value]],
        using random: inout SplitMix,
        in connection: any DatabaseConnection
    ) async throws -> String? {
        try await table.make(keys, using: &random, in: connection)
        let visits = try await KeyVisits(of: recipe, table, keys: keys, in: connection)
        let entry = recipe.entry
        for attempt in attempts {
            let watch = KeyWatch(stoppingAfter: attempt.batches)
            let runner = Runner(connection, observer: watch, stop: watch.stop, workers: attempt.workers)
            guard let report = try await runner.migrate(entry) else {
                return "the run is said to be over before its end"
            }
            let isOver = report.status == .succeeded
            let isStopped = report.status == .cancelled && attempt.batches != nil
            guard isOver || isStopped else {
                return "the run is \(report.status), with \(report.counters); \(watch.fault ?? "no row is at fault")"
            }
            if let failure = try await visits.failure(after: report, in: connection) { return failure }
            if isOver { return nil }
        }
        return "nobody took the run up again"
    }
}
