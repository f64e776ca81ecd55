import Database

/// What there is of a run's journal.
enum JournalState: String, Sendable {
    /// An older program, or nobody, ran it.
    case none
    /// Its author wants none.
    case off
    /// Each batch has an entry.
    case on
    /// The entries were removed.
    case pruned
}

/// A row of `data_migration_runs`.
struct RunRecord: Sendable {
    var id: Int64
    var version: String
    var name: String
    var direction: RunDirection
    var status: RunState
    /// The values of its parameters, and those that were bound in the queries of the migration, by step.
    var arguments: BoundArguments
    var sourceChecksum: String?
    var inputFingerprint: String?
    var error: String?
    /// When it ended, by the database's clock; NULL if it has not.
    var finishedAt = Value.null
    /// Whether its batches put down what they did.
    var journal: JournalState
    /// The first write beside its batches, which no journal can take back.
    var outside: String?
    /// What came of the verification, a ``VerificationOutcome``; `nil` if it was not asked since the run began or went on.
    var verification: String?
    /// What was set for it while it went on, ``RunSettings``.
    var settings: String?
    /// When it passed, by the database's clock, in UTC.
    var verifiedAt: String?

    /// A run that is in no ledger.
    init(previewing entry: MigrationPlan.Entry, direction: RunDirection, parameters: [String: Value] = [:]) {
        (id, version, name) = (0, entry.version, entry.name)
        (self.direction, status) = (direction, .running)
        (arguments, journal) = (BoundArguments(parameters: parameters), .none)
    }

    init(_ row: Row) {
        id = row["id"].integer ?? 0
        version = row["version"].text ?? ""
        name = row["name"].text ?? ""
        direction = row["direction"].text.flatMap(RunDirection.init) ?? .up
        status = row["status"].text.flatMap(RunState.init) ?? .failed
        arguments = row["arguments"].text.flatMap(BoundArguments.init(json:)) ?? BoundArguments()
        sourceChecksum = row["source_checksum"].text
        inputFingerprint = row["input_fingerprint"].text
        error = row["error"].text
        finishedAt = row["finished_at"]
        journal = row["journal"].text.flatMap(JournalState.init) ?? .none
        outside = row["outside"].text
        verification = row["verification"].text
        verifiedAt = row["verified_at"].text
        settings = row["settings"].text
    }
}
