extension Runner {
    /// Whether somebody is at work on a migration.
    ///
    /// For tests that end runs without a word: what such a run has read ahead may live on for a moment, and holds it.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    package func isHeld(_ entry: MigrationPlan.Entry) async throws -> Bool {
        guard let run = try await ledger.latestRun(of: entry.version) else { return false }
        return try await ledger.isHeld(run)
    }
}
