/// Work of a run that has a beginning and an end.
public enum RunScope: Sendable {
    /// A run, as far as this process works on it.
    case run(RunInfo)
    /// A part of a run: a range of a table, a file, the journal. Those of a table may be worked on side by side.
    case slice(SliceInfo)
    /// The next batch of a part, with all attempts at it; `size` is how many rows it may take.
    case batch(size: Int)
}

/// What came of the work of a ``RunScope``.
public enum RunOutcome: Sendable {
    /// How the run ended; `nil` where another process leads it.
    case run(RunReport?)
    /// What was done in the part by this process.
    case slice(ChangeCounters)
    /// The committed batch; `nil` if the part had no more rows.
    case batch(BatchProgress?)
}

/// Which part of a run it is.
public struct SliceInfo: Sendable, Hashable {
    /// The step of the migration; empty where it has but one.
    public var step: String
    /// The number of the part among those of its step.
    public var number: Int
    /// What it is: `table`, `sweep` (rows that came up meanwhile), `stream` (a file or another source), `journal`.
    public var kind: String
    /// Whether an earlier process, or attempt, began it.
    public var isResumed: Bool
}

extension ProgressObserver {
    /// Does work that an observer may stand around.
    ///
    /// - Parameters:
    ///   - scope: what is done.
    ///   - work: does it; returns what is returned here, and what the observer is told.
    /// - Returns: what `work` returned.
    /// - Throws: what `work` throws; ``MigrationError`` if the observer did not have it done, for a batch that is left out
    ///   must not look like the end of the rows.
    func around<T>(
        _ scope: RunScope,
        _ work: () async throws -> (value: T, outcome: RunOutcome)
    ) async throws -> T {
        var value: T?
        _ = try await during(scope) {
            let done = try await work()
            value = done.value
            return done.outcome
        }
        guard let value else {
            throw MigrationError(
                .failed,
                "\(Self.self) observes a run, and did not have its work done: see during(_:_:)"
            )
        }
        return value
    }

    /// Does a run that an observer may stand around.
    func around(_ info: RunInfo, _ work: () async throws -> RunReport) async throws -> RunReport {
        try await around(.run(info)) {
            let report = try await work()
            return (report, .run(report))
        }
    }
}
