import Database

/// Migrations whose way back is tried.
extension SchemaWork {
    /// Applies a migration, takes it back, and applies it again: both times, the schema must be what it was before.
    ///
    /// Where both ways are transactions, all of it is one, and a wrong way back leaves nothing behind.
    ///
    /// - Returns: `nil` if another process has applied it.
    /// - Throws: ``SchemaMigrationError`` with what differs.
    func test(_ migration: SchemaMigration) async throws -> SchemaReport? {
        guard let down = migration.down else {
            throw SchemaMigrationError(
                .irreversible,
                "\(migration.path) has no way back to be tested; write one behind a line -- azu:down"
            )
        }
        let change = Change(migration)
        if try await isApplied(change.version) { return nil }
        let start = ContinuousClock.now
        observer(.started(version: change.version, name: change.name, direction: .up))
        let isWhole = migration.up.isTransactional && down.isTransactional
        func record() -> [Statement] {
            ledger.record(migration, column, by: LeaseHolder.actor, took: start.duration(to: .now))
        }
        if isWhole {
            let isOurs = try await inTransaction(change) {
                try await tryOut(migration, down, isWhole: true)
                return record()
            }
            guard isOurs else { return nil }
        } else {
            try await tryOut(migration, down, isWhole: false)
            try await inTransaction(change) { record() }
        }
        var report = change.report(since: start)
        report.isRollbackTested = true
        return report
    }

    private func tryOut(_ migration: SchemaMigration, _ down: SchemaScript, isWhole: Bool) async throws {
        func step(_ script: SchemaScript) async throws -> SchemaListing {
            if isWhole {
                try await run(script)
                // Rows whose foreign keys are still to be checked keep PostgreSQL from altering their table.
                try await connection.run([.checkConstraints])
            } else if script.isTransactional {
                try await runWhole(script)
            } else {
                try await runAlone(script)
            }
            return try await listing()
        }
        let before = try await listing()
        let after = try await step(migration.up)
        let back = try await step(down)
        try refuse(
            back.differences(from: before),
            "the way back of \(migration.path) leaves the schema other than it was before (\(outcome(isWhole)))"
        )
        let again = try await step(migration.up)
        try refuse(
            again.differences(from: after),
            "\(migration.path) makes another schema when it is applied again behind its way back (\(outcome(isWhole)))"
        )
    }

    private func outcome(_ isWhole: Bool) -> String {
        isWhole ? "nothing of it stays" : "it is not recorded as applied; what differs, stays"
    }

    private func refuse(_ differences: [String], _ message: String) throws {
        if differences.isEmpty { return }
        throw SchemaMigrationError(.rollbackDiffers, message, details: differences)
    }

    private func listing() async throws -> SchemaListing {
        guard let listing = try await SchemaListing.read(connection) else {
            throw SchemaMigrationError(
                .state,
                "\(connection.dialect.name) can't list its schema, so no way back is tested"
            )
        }
        return listing
    }

    /// One way that is a transaction, where the other one is none; nothing is recorded.
    private func runWhole(_ script: SchemaScript) async throws {
        do {
            try await retry.run(failed: { _ = try? await connection.run([.rollback]) }) { _ in
                try await begin()
                try await run(script)
                try await connection.run([.commit])
            }
        } catch let failure as StatementFailure {
            throw failure.error("nothing of this part was done")
        }
    }
}
