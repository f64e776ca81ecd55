import Database
import SQLFiles

/// The running of migrations by a process that has the lease.
struct SchemaWork: Sendable {
    let connection: any DatabaseConnection
    let ledger: SchemaLedger
    let lease: SchemaLease
    let column: SchemaLedger.VersionColumn?
    let retry: SchemaRetry
    let observer: @Sendable (SchemaEvent) -> Void

    func isApplied(_ version: String) async throws -> Bool { try await ledger.isApplied(version, column) }

    /// Applies a migration.
    ///
    /// - Returns: `nil` if another process has done so.
    func apply(_ migration: SchemaMigration) async throws -> SchemaReport? {
        let change = Change(migration)
        return try await perform(change) { duration in
            ledger.record(migration, column, by: LeaseHolder.actor, took: duration)
        }
    }

    /// Takes a migration back.
    ///
    /// - Returns: `nil` if another process has done so.
    func takeBack(_ reversal: SchemaReversal) async throws -> SchemaReport? {
        try await perform(Change(reversal)) { _ in ledger.forget(reversal.version, column) }
    }

    private func perform(
        _ change: Change,
        recording: (Duration) -> [Statement]
    ) async throws -> SchemaReport? {
        if try await isDone(change) { return nil }
        let start = ContinuousClock.now
        observer(.started(version: change.version, name: change.name, direction: change.direction))
        if change.script.isTransactional {
            let isOurs = try await inTransaction(change) {
                try await run(change.script)
                return recording(start.duration(to: .now))
            }
            guard isOurs else { return nil }
        } else {
            try await runAlone(change.script)
            try await inTransaction(change) { recording(start.duration(to: .now)) }
        }
        return change.report(since: start)
    }

    /// Whether the change is what the database records already.
    private func isDone(_ change: Change) async throws -> Bool {
        try await isApplied(change.version) == (change.direction == .up)
    }

    /// Does something in one transaction that ends with the record of it.
    ///
    /// It begins with the row of the lease, which no other process gets at until the end: however long a statement
    /// takes, nobody takes over.
    ///
    /// - Returns: whether it was done; not, if another process has done it before.
    @discardableResult
    func inTransaction(_ change: Change, _ body: () async throws -> [Statement]) async throws -> Bool {
        do {
            return try await retry.run(failed: { _ = try? await connection.run([.rollback]) }) { failures in
                try await begin()
                if try await isDone(change) {
                    try await connection.run([.rollback])
                    // The answer to a COMMIT of ours was lost.
                    return failures > 0
                }
                try await connection.run(try await body() + [.commit])
                return true
            }
        } catch let failure as StatementFailure {
            throw failure.error("nothing of this file was \(change.direction == .up ? "applied" : "taken back")")
        } catch let error as DatabaseError where error.kind == .rowFault {
            // A deferred constraint is met at COMMIT.
            throw SchemaMigrationError(.failed, "\(change.script.place), at its end: \(error) (nothing of it stays)")
        }
    }

    func begin() async throws {
        do {
            try await connection.run([.begin, ledger.renew(lease)])
        } catch let error as DatabaseError where error.code == .guardFailed {
            throw leaseLost
        }
    }

    var leaseLost: SchemaMigrationError {
        SchemaMigrationError(
            .leaseLost,
            "another process has taken the migration of the schema over; azu db:status tells what was applied"
        )
    }

    /// Runs the statements of a script in the transaction at hand.
    func run(_ script: SchemaScript) async throws {
        for (index, statement) in script.statements.enumerated() {
            do {
                try await connection.run([.unhurried(SQL(raw: statement.text))])
            } catch let error as DatabaseError {
                throw StatementFailure(statement: statement, index: index, place: script.place, cause: error)
            }
        }
    }
}

/// A migration on one of its ways.
struct Change: Sendable {
    let version: String
    let name: String
    let direction: SchemaDirection
    let script: SchemaScript

    init(_ migration: SchemaMigration) {
        (version, name, direction, script) = (migration.version, migration.name, .up, migration.up)
    }

    init(_ reversal: SchemaReversal) {
        (version, name, direction, script) = (reversal.version, reversal.name, .down, reversal.script)
    }

    func report(since start: ContinuousClock.Instant) -> SchemaReport {
        SchemaReport(
            version: version,
            name: name,
            direction: direction,
            statements: script.statements.count,
            duration: start.duration(to: .now)
        )
    }
}
