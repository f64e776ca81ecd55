public import Database

/// Makes sure that data migrations are executed and verified in a database: a gate for programs and releases that count
/// on what they did.
///
///     try await DataMigrations.require("backfill_user_slugs", in: database)
///
/// It reads the ledger alone: the migrations need not be compiled in, and nothing is written.
///
/// - Parameters:
///   - names: versions or names.
///   - database: the database.
/// - Throws: ``MigrationError`` with the code ``MigrationError/Code/gate`` that names each one that is not there yet and
///   says why; ``/Database/DatabaseError``.
public func require(_ names: String..., in database: any DatabaseAccess) async throws {
    try await require(names, in: database)
}

/// Makes sure that data migrations are executed and verified in a database.
///
/// See ``require(_:in:)-(String...,_)``.
///
/// - Parameters:
///   - names: versions or names.
///   - database: the database.
/// - Throws: ``MigrationError`` with the code ``MigrationError/Code/gate`` that names each one that is not there yet and
///   says why; ``/Database/DatabaseError``.
public func require(_ names: [String], in database: any DatabaseAccess) async throws {
    guard !names.isEmpty else {
        throw MigrationError(.gate, "no data migration is named that must be there; name at least one")
    }
    let gate = try await Gate(Ledger(connection: database.connection))
    let obstacles = names.compactMap(gate.obstacle)
    if obstacles.isEmpty { return }
    throw MigrationError(.gate, "data migrations are not there yet: \(obstacles.joined(separator: "; "))")
}

/// What the ledger says of all migrations.
private struct Gate {
    private var executed: [String: ExecutedMigration] = [:]
    private var runs: [RunRecord] = []

    /// - Throws: ``MigrationError`` if a newer program wrote the ledger, or ``/Database/DatabaseError``.
    init(_ ledger: Ledger) async throws {
        guard let format = try await ledger.currentFormat() else { return }
        // It refuses a newer ledger before it writes anything.
        if format > Ledger.format { try await ledger.prepare() }
        executed = try await ledger.executed()
        runs = try await ledger.latestRuns()
    }

    /// Why a migration does not pass; `nil` if it does.
    func obstacle(_ name: String) -> String? {
        let run = runs.filter { $0.version == name || $0.name == name }.max { $0.id < $1.id }
        let record =
            if let run { executed[run.version] } else { executed[name] ?? executed.values.first { $0.name == name } }
        if record != nil, run == nil || run?.status == .rolledBack {
            return "\(name) was recorded as executed by hand; azu db:data:verify \(name) settles it"
        }
        guard let run else { return "\(name) was never run" }
        guard run.status == .succeeded else { return "\(name) \(run.status.standing)" }
        guard record != nil else { return "\(name) is not in data_migrations" }
        switch run.verification.flatMap(VerificationOutcome.init) {
        case .passed: return nil
        case .failed: return "\(name) failed its verification; mend it, then azu db:data:verify \(name)"
        case nil: return "\(name) was never verified; azu db:data:verify \(name) settles it"
        }
    }
}

extension RunState {
    /// Where a migration stands whose newest run is in this state, said of its name.
    var standing: String {
        switch self {
        case .pending, .running: "is running, or its process was killed"
        case .paused: "is paused"
        case .rollingBack: "is being rolled back"
        case .succeeded: "is executed"
        case .quarantined: "has rows in quarantine"
        case .failed: "has failed"
        case .cancelled: "was stopped"
        case .rolledBack: "was rolled back"
        }
    }
}
