package import DataMigrations
package import Database
package import Foundation

/// A migration with its tables, and what is done with it.
package struct Work: Sendable {
    /// What is done with the migration.
    package enum Action: String, Sendable, CaseIterable {
        /// It is run.
        case migrate
        /// It is run to its end beforehand, and rolled back.
        case rollback
        /// It is stopped half-way beforehand, and rolled back.
        case rollbackOfHalf
        /// It is run beforehand with rows that are bad, which are mended, and retried.
        case retry
    }

    /// What people call it.
    package let name: String
    package let action: Action
    /// The migration.
    let make: @Sendable (_ folder: URL) -> any DataMigration
    /// Makes the tables and their rows; ``Store/numberedKey`` numbers keys.
    let tables: @Sendable (_ store: Store) -> [SQL]
    /// The tables whose writes are noted, with the column that tells rows apart.
    let watched: [(table: String, key: String)]
    /// What the tables hold, without what differs from run to run.
    let contents: [SQL]
    /// What mends bad rows before they are retried.
    var mending: [SQL] = []
    /// The files that are read.
    var files: [String: String] = [:]

    package init(
        _ name: String,
        _ action: Action = .migrate,
        make: @escaping @Sendable (_ folder: URL) -> any DataMigration,
        tables: @escaping @Sendable (_ store: Store) -> [SQL],
        watched: [(table: String, key: String)],
        contents: [SQL]
    ) {
        self.name = name
        self.action = action
        self.make = make
        self.tables = tables
        self.watched = watched
        self.contents = contents
    }

    /// The same migration, with which something else is done.
    func with(_ action: Action) -> Work {
        Work(name, action, make: make, tables: tables, watched: watched, contents: contents)
            .with(files: files, mending: mending)
    }

    func with(files: [String: String] = [:], mending: [SQL] = []) -> Work {
        var copy = self
        (copy.files, copy.mending) = (files, mending)
        return copy
    }

    /// Makes tables, triggers and files, and what is done beforehand.
    ///
    /// - Throws: whatever keeps that from being made.
    package func prepare(_ store: Store, _ connection: any DatabaseConnection, _ folder: URL) async throws {
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        try await connection.execute(
            "CREATE TABLE writes (written text NOT NULL, operation text NOT NULL, row_key text)"
        )
        for statement in tables(store) { try await connection.execute(statement) }
        for (table, key) in watched { try await noteWrites(to: table, key, store, connection) }
        let entry = entry(folder)
        switch action {
        case .migrate: break
        case .rollback: _ = try await runner(connection).migrate(entry)
        case .rollbackOfHalf:
            let stop = StopSignal()
            let half = Half(stop)
            _ = try await Runner(connection, observer: half, stop: stop, limits: Self.limits).migrate(entry)
        case .retry:
            _ = try await runner(connection).migrate(entry)
            for statement in mending { try await connection.execute(statement) }
        }
    }

    /// Does what it is about, once.
    ///
    /// - Throws: ``/DataMigrations/MigrationError``, ``/Database/DatabaseError``.
    @discardableResult
    package func act(
        _ connection: any DatabaseConnection,
        _ folder: URL,
        observer: any ProgressObserver = SilentObserver()
    ) async throws -> RunReport? {
        let (runner, entry) = (Runner(connection, observer: observer, limits: Self.limits), entry(folder))
        switch action {
        case .migrate: return try await runner.migrate(entry)
        case .rollback, .rollbackOfHalf: return try await runner.rollback(entry)
        case .retry: return try await runner.retry(entry)
        }
    }

    /// Goes on after whatever has happened, as a person would: nothing, where it is done.
    ///
    /// - Throws: ``/DataMigrations/MigrationError``, ``/Database/DatabaseError``.
    package func resume(_ connection: any DatabaseConnection, _ folder: URL) async throws {
        let states = try await states(connection)
        if action == .retry {
            // A retry that was stopped in the midst goes on; behind its last row, running it again ends it.
            if try await connection.number("SELECT count(*) FROM data_migration_quarantine WHERE status = 'open'") > 0 {
                try await act(connection, folder)
            } else if states.last != "succeeded" {
                _ = try await runner(connection).migrate(entry(folder))
            }
            return
        }
        if states.last != (action == .migrate ? "succeeded" : "rolled_back") { try await act(connection, folder) }
    }

    /// What tells it apart: `update, rollback`.
    package var title: String { action == .migrate ? name : "\(name), \(action.rawValue)" }

    private func states(_ connection: any DatabaseConnection) async throws -> [String?] {
        guard try await connection.schema(of: "data_migration_runs") != nil else { return [] }
        return try await connection.texts("SELECT status FROM data_migration_runs ORDER BY id").map { $0[0] }
    }

    /// The migration.
    package func entry(_ folder: URL) -> MigrationPlan.Entry {
        MigrationPlan.Entry(version: "20240101120000", name: "work") { [make] in make(folder) }
    }

    private func runner(_ connection: any DatabaseConnection) -> Runner { Runner(connection, limits: Self.limits) }

    /// What fails is tried again at once; nothing else talks to the database.
    private static let limits = RunLimits(
        signals: [],
        retry: RetryPolicy(delay: .milliseconds(1), longestDelay: .milliseconds(20), limit: .seconds(10))
    )

    /// Stops a run after its second batch.
    private struct Half: ProgressObserver {
        let stop: StopSignal
        let counter = Counter()

        init(_ stop: StopSignal) { self.stop = stop }

        func observe(_ event: ProgressEvent) {
            if case .batch = event, counter.next() == 2 { stop.request("half") }
        }
    }
}
