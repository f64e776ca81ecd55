import DataMigrations
import Database
import Testing

/// Runs of a migration on one database, each from the same start.
struct Trials: Sendable {
    let database: TestDatabase
    let entry: MigrationPlan.Entry
    /// The migration's type, for people.
    let name: String
    /// What was there at the start.
    let start: Contents
    private let snapshot: any Snapshot
    let ignored: IgnoredColumns
    private let location: SourceLocation

    /// Tries a migration, and leaves the database as it was.
    ///
    /// - Parameters:
    ///   - migration: the migration.
    ///   - database: what the test has prepared.
    ///   - ignored: what comparisons leave out.
    ///   - location: where issues are shown.
    ///   - body: the trials.
    /// - Throws: what `body` throws, ``/Database/DatabaseError``, or ``TestDatabaseError``.
    static func of<M: DataMigration>(
        _ migration: M,
        on database: TestDatabase,
        ignoring ignored: [String],
        at location: SourceLocation,
        _ body: (Trials) async throws -> Void
    ) async throws {
        let ignored = IgnoredColumns(ignored)
        try ignored.check(against: try await Contents(of: database.connection, ignoring: IgnoredColumns()))
        // Made once, rather than in each trial.
        try await Runner(database.connection).prepare()
        let snapshot = try await database.snapshot()
        let trials = Trials(
            database: database,
            entry: TestDatabase.entry(migration),
            name: String(describing: M.self),
            start: try await Contents(of: database.connection, ignoring: ignored),
            snapshot: snapshot,
            ignored: ignored,
            location: location
        )
        do {
            try await body(trials)
            try await snapshot.restore()
            await snapshot.discard()
        } catch {
            // The first error tells what happened.
            _ = try? await snapshot.restore()
            await snapshot.discard()
            throw error
        }
    }

    /// Puts everything back to the start.
    ///
    /// - Throws: ``/Database/DatabaseError``, or ``TestDatabaseError``.
    func restart() async throws { try await snapshot.restore() }

    /// What is there now.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    func contents() async throws -> Contents { try await Contents(of: database.connection, ignoring: ignored) }

    /// A runner, on the database's own connection unless another one is given.
    func runner(
        on connection: (any DatabaseConnection)? = nil,
        batches size: Int? = nil,
        observer: any ProgressObserver = SilentObserver(),
        stop: StopSignal = StopSignal()
    ) -> Runner {
        // Nobody else is there to be spared; a session that was ended may hold its locks for another moment.
        let retry = RetryPolicy(delay: .milliseconds(5), longestDelay: .milliseconds(50), limit: .seconds(10))
        var runner = Runner(
            connection ?? database.connection,
            observer: observer,
            stop: stop,
            root: database.root,
            limits: RunLimits(signals: [], latencyGrowth: nil, retry: retry)
        )
        runner.batchSize = size.map { .fixed($0) }
        return runner
    }

    /// Runs the migration as it is used.
    ///
    /// - Parameter size: how many rows a batch takes; what the migration says by default.
    /// - Returns: how it ended.
    /// - Throws: ``/DataMigrations/MigrationError``, if the migration fails.
    func run(batches size: Int? = nil) async throws -> RunReport {
        guard let report = try await runner(batches: size).migrate(entry) else {
            throw TestDatabaseError("\(name) was run on this database before; expectations begin with one that was not")
        }
        return report
    }

    /// Runs the migration from the start on, undisturbed.
    ///
    /// - Returns: how it ended, and what it left; `nil` where it left everything as it was, which is an issue: such a test
    ///   could not fail.
    /// - Throws: ``/DataMigrations/MigrationError``, if the migration fails.
    func reference(batches size: Int? = nil) async throws -> (report: RunReport, contents: Contents)? {
        let report = try await run(batches: size)
        let contents = try await contents()
        guard start.differences(to: contents).isEmpty else { return (report, contents) }
        record(
            "\(name) changed nothing (it visited \(report.counters.visited) rows), so nothing was tested; insert rows "
                + "that it changes before"
        )
        return nil
    }

    /// A size with which rows make about four batches.
    func batchSize(for report: RunReport) -> Int { max(1, (report.counters.visited + 3) / 4) }

    /// Compares two states, and makes an issue of the rows that differ.
    ///
    /// - Parameters:
    ///   - left: what is right, and what it is called.
    ///   - right: what was found, and what that is called.
    ///   - problem: the issue's first line, given how many rows differ.
    /// - Returns: whether they are the same.
    @discardableResult
    func compare(
        _ left: (name: String, contents: Contents),
        _ right: (name: String, contents: Contents),
        _ problem: (_ rows: String) -> String
    ) -> Bool {
        let differences = left.contents.differences(to: right.contents)
        guard !differences.isEmpty else { return true }
        record(problem(Self.rows(differences.count)) + "\n" + differences.text(left.name, right.name))
        return false
    }

    /// `1 row`, `2 rows`.
    static func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(count) rows" }

    /// Makes an issue, where the test calls the expectation.
    func record(_ text: String) { Issue.record(Comment(rawValue: text), sourceLocation: location) }
}
