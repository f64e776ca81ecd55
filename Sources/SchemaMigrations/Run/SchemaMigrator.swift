public import Database

/// Applies schema migrations, and takes them back: one process at a time.
///
/// A file is run in one transaction, together with the row that records it, so it is applied as a whole or not at all;
/// one that says `-- azu:no-transaction` is run statement by statement.
public struct SchemaMigrator: Sendable {
    /// The database.
    ///
    /// Nobody else may use the connection meanwhile.
    public var connection: any DatabaseConnection
    /// Throws unless data migrations are executed and verified.
    ///
    /// It is asked of what a file names by `-- azu:requires`.
    public var requirement: @Sendable (_ names: [String]) async throws -> Void
    /// Takes what is told on the way.
    public var observer: @Sendable (SchemaEvent) -> Void
    /// How long to wait for another process that migrates the schema.
    public var patience: Duration
    /// How long the right to migrate lasts without a sign of life: after that, another process may take over.
    public var leaseTime: Duration
    /// How often a file is tried again after locks, deadlocks and lost connections.
    public var attempts: Int

    /// Makes a migrator.
    ///
    /// - Parameters:
    ///   - connection: the database.
    ///   - patience: how long to wait for another process that migrates the schema.
    ///   - leaseTime: how long the right to migrate lasts without a sign of life.
    ///   - attempts: how often a file is tried again after locks, deadlocks and lost connections.
    ///   - observer: takes what is told on the way.
    ///   - requirement: throws unless data migrations are executed and verified.
    public init(
        _ connection: any DatabaseConnection,
        patience: Duration = .seconds(60),
        leaseTime: Duration = .seconds(60),
        attempts: Int = 10,
        observer: @escaping @Sendable (SchemaEvent) -> Void = { _ in },
        requirement: @escaping @Sendable (_ names: [String]) async throws -> Void
    ) {
        self.connection = connection
        self.requirement = requirement
        self.observer = observer
        self.patience = patience
        self.leaseTime = leaseTime
        self.attempts = attempts
    }

    var ledger: SchemaLedger { SchemaLedger(connection: connection, leaseTime: leaseTime) }

    /// Applies migrations in the order given; those that are applied already are passed over.
    ///
    /// - Parameters:
    ///   - migrations: the migrations.
    ///   - testingRollback: whether each one is applied, taken back and applied again, which must leave the schema as it was.
    /// - Returns: what was applied.
    /// - Throws: ``SchemaMigrationError`` or ``/SQLFiles/SQLFileError`` at the first one that fails; what the
    ///   requirement
    ///   throws; ``/Database/DatabaseError``.
    @discardableResult
    public func migrate(
        _ migrations: [SchemaMigration],
        testingRollback: Bool = false
    ) async throws -> [SchemaReport] {
        guard !migrations.isEmpty else { return [] }
        return try await alone { work in
            var reports: [SchemaReport] = []
            for migration in migrations {
                if !migration.requirements.isEmpty, try await !work.isApplied(migration.version) {
                    try await requirement(migration.requirements)
                }
                let report =
                    testingRollback ? try await work.test(migration) : try await work.apply(migration)
                guard let report else { continue }
                observer(.finished(report))
                reports.append(report)
            }
            return reports
        }
    }

    /// Takes migrations back in the order given; those that are not applied any more are passed over.
    ///
    /// - Parameter reversals: what ``reversals(of:versions:)`` or ``reversals(of:newest:)`` found.
    /// - Returns: what was taken back.
    /// - Throws: ``SchemaMigrationError`` or ``/SQLFiles/SQLFileError`` at the first one that fails;
    ///   ``/Database/DatabaseError``.
    @discardableResult
    public func rollback(_ reversals: [SchemaReversal]) async throws -> [SchemaReport] {
        guard !reversals.isEmpty else { return [] }
        return try await alone { work in
            var reports: [SchemaReport] = []
            for reversal in reversals {
                guard let report = try await work.takeBack(reversal) else { continue }
                observer(.finished(report))
                reports.append(report)
            }
            return reports
        }
    }

    /// Works while no other process migrates the schema.
    private func alone<T: Sendable>(_ body: (SchemaWork) async throws -> T) async throws -> T {
        let retry = SchemaRetry(attempts: attempts, observer: observer)
        try await retry.run { try await ledger.prepare() }
        let holder = LeaseHolder.enter()
        defer { holder.leave() }
        let column = try await ledger.versionColumn()
        let lease = try await claim(for: holder, retry)
        let work = SchemaWork(
            connection: connection,
            ledger: ledger,
            lease: lease,
            column: column,
            retry: retry,
            observer: observer
        )
        do {
            let result = try await body(work)
            _ = try? await connection.run([ledger.release(lease)])
            return result
        } catch {
            // Whoever comes next need not wait for the end of the lease.
            _ = try? await connection.run([ledger.release(lease)])
            throw error
        }
    }

    private func claim(for holder: LeaseHolder, _ retry: SchemaRetry) async throws -> SchemaLease {
        let start = ContinuousClock.now
        var isTold = false
        while true {
            if let lease = try await retry.run({ try await ledger.claim(holder) }) { return lease }
            let other = await ledger.holder()?.place ?? "another process"
            guard start.duration(to: .now) < patience else {
                throw SchemaMigrationError(
                    .held,
                    "the schema is being migrated by \(other); wait for it, then try again"
                )
            }
            if !isTold { observer(.waiting(reason: "the schema is being migrated by \(other)")) }
            isTold = true
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...300)))
        }
    }
}
