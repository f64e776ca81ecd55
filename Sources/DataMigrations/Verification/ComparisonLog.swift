import Database

/// Keeps how far a comparison came in `data_migration_slices`, a part of the run for each table, so that another process
/// can go on with it.
struct ComparisonLog: Sendable {
    let context: RunContext
    /// The name under which it is kept.
    let step: String

    /// The places up to which the two tables are hashed; the starts, if something else was compared before.
    ///
    /// - Throws: ``MigrationError`` if the migration has a step of this name.
    func open(_ comparison: [Value]) async throws -> [ComparisonPlace] {
        let (ledger, run) = (context.ledger, context.run)
        // Of rows that the run has written since, the sums know nothing.
        let written = try await ledger.counters(of: run)
        let counts = [written.changed, written.inserted, written.deleted].map { Value.integer(Int64($0)) }
        let signature = StoredValue.text(of: comparison + counts)
        let begun = try await ledger.slices(of: run, step: step)
        if begun.contains(where: { $0.kind == .verify && $0.lower != signature }) {
            try await context.connection.run([ledger.forgetComparisons(of: run, step: step)])
        }
        for number in 0...1 {
            try await ledger.openSlice(NewSlice(step: step, number: number, kind: .verify, lower: signature), of: run)
        }
        let slices = try await ledger.slices(of: run, step: step).filter { $0.kind == .verify }
        guard slices.count == 2 else {
            throw MigrationError(
                .mismatch,
                "\(run.name) has a step \(step), a name that azu itself needs; give the step another name"
            )
        }
        return slices.sorted { $0.number < $1.number }.map(ComparisonPlace.init)
    }

    /// Saves how far a table is hashed, and keeps the lease of the run.
    ///
    /// - Throws: ``RunStopped`` if somebody wants the run to stop, or ``/Database/DatabaseError``.
    func save(_ place: ComparisonPlace) async throws {
        try await context.retry.run {
            _ = try await context.connection.run([context.ledger.saveComparison(place)] + context.renewal())
        }
        if let reason = context.stopReason { throw RunStopped(reason: reason) }
    }
}
