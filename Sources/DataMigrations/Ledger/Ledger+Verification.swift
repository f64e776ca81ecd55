import Database

/// What came of a verification, as `data_migration_runs` keeps it.
enum VerificationOutcome: String, Sendable {
    case passed, failed
}

/// Verification in the ledger: its outcome in the row of the run, and how far its comparisons came, `kind = 'verify'`.
extension Ledger {
    /// Records what came of a verification, and forgets how far it was: the next one starts anew.
    ///
    /// With a lease, the run is left as it is if another process has taken it over since.
    func conclude(_ outcome: VerificationOutcome, of run: RunRecord, under lease: Lease? = nil) -> [Statement] {
        let update: SQL = """
            UPDATE data_migration_runs SET verification = \(outcome.rawValue),
            verified_at = \(raw: outcome == .passed ? "CURRENT_TIMESTAMP" : "NULL") WHERE id = \(run.id)\(fence(lease))
            """
        return [.execute(update), forgetComparisons(of: run)]
    }

    /// Forgets how far the comparisons of a run came, or one of them.
    func forgetComparisons(of run: RunRecord, step: String? = nil) -> Statement {
        let condition: SQL = step.map { " AND step = \($0)" } ?? ""
        return .execute(
            """
            DELETE FROM data_migration_slices
            WHERE run_id = \(run.id) AND kind = \(SliceKind.verify.rawValue)\(condition)
            """
        )
    }

    /// Saves how far a table is hashed: the sums of the rows up to a key, and that key.
    func saveComparison(_ place: ComparisonPlace) -> Statement {
        let status = place.isDone ? "done" : "open"
        let sums = StoredValue.text(of: [.integer(Int64(place.sum.rows)), .integer(place.sum.sum)])
        return .execute(
            """
            UPDATE data_migration_slices SET \(identifier: "cursor") = \(place.key.map(StoredValue.text(of:))),
            upper_bound = \(sums), status = \(status), batches = batches + 1
            WHERE id = \(place.slice)
            """
        )
    }

    /// The rows of a step that were put aside, and are not processed since.
    func quarantinedLocators(of run: RunRecord, step: String) async throws -> Set<String> {
        let rows = try await read(
            """
            SELECT locator FROM data_migration_quarantine
            WHERE run_id = \(run.id) AND step = \(step) AND status <> 'retried'
            """
        )
        return Set(rows.map { $0[0].text ?? "" })
    }
}
