import Database

/// A row of `data_migration_runs`.
struct RunRecord: Sendable {
    var id: Int64
    var version: String
    var name: String
    var direction: RunDirection
    var status: RunState
    /// The values that were bound in the queries of the migration, by step.
    var arguments: BoundArguments
    var sourceChecksum: String?
    var inputFingerprint: String?
    var error: String?
    /// What came of the verification, a ``VerificationOutcome``; `nil` if it was not asked since the run began or went on.
    var verification: String?
    /// When it passed, by the database's clock, in UTC.
    var verifiedAt: String?

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
        verification = row["verification"].text
        verifiedAt = row["verified_at"].text
    }
}
