import Database

/// What came of asking again whether a migration left the data as it should be.
public struct VerificationReport: Sendable {
    /// The migration's version.
    public var version: String
    /// The migration's name.
    public var name: String
    /// What is wrong, with the first rows that are; `nil` if nothing is.
    public var failure: MigrationError?
    /// How long it took.
    public var duration: Duration

    /// Whether nothing is wrong.
    public var isPassed: Bool { failure == nil }
}

extension Runner {
    /// Asks again whether the data is as a migration should have left it, and records the answer.
    ///
    /// Rows that meet the condition of a row migration, or of a file of SQL, though processed rows leave it are counted,
    /// those in quarantine left out; then the migration's own `verify` is asked. A migration that fails stays executed, but
    /// ``require(_:in:)-(String...,_)`` refuses it until a verification passes.
    ///
    /// - Returns: what came of it, failures included.
    /// - Throws: ``MigrationError`` with the code ``MigrationError/Code/state`` if the migration was not run to its end or
    ///   was rolled back; whatever keeps `verify` from being asked.
    public func verify(_ entry: MigrationPlan.Entry) async throws -> VerificationReport {
        let start = ContinuousClock.now
        let run = try await verifiableRun(entry)
        let migration = try make(entry, for: run)
        let advice = "mend what is wrong, then azu db:data:verify \(entry.version)"
        let context = try await context(run, migration.options, retries: false, direction: .up)
        let failure = try await verdict(context) {
            try await context.expectEmptied(migration, advice: advice)
            try await context.verify(migration, advice: advice)
        }
        let event = ledger.record(
            failure == nil ? .verified : .verificationFailed,
            of: run,
            message: failure?.description
        )
        try await conclude(context, ledger.conclude(failure == nil ? .passed : .failed, of: run) + [event])
        return VerificationReport(
            version: entry.version,
            name: entry.name,
            failure: failure,
            duration: start.duration(to: .now)
        )
    }

    /// The newest run, if it has left data that can be right or wrong.
    private func verifiableRun(_ entry: MigrationPlan.Entry) async throws -> RunRecord {
        guard try await ledger.currentFormat() != nil else { throw notExecuted(entry, "was never run") }
        try await prepare()
        let latest = try await ledger.latestRun(of: entry.version)
        if let latest, [.succeeded, .quarantined].contains(latest.status) { return latest }
        if latest == nil || latest?.status == .rolledBack, try await ledger.isExecuted(entry.version) {
            return try await adopt(entry, after: latest)
        }
        throw notExecuted(entry, latest?.status.standing ?? "was never run")
    }

    private func notExecuted(_ entry: MigrationPlan.Entry, _ standing: String) -> MigrationError {
        MigrationError(
            .state,
            "\(entry.name) \(standing), so there is nothing to verify; azu db:data:status says more"
        )
    }

    /// Asks whether the data is right, while nobody else works on the run.
    ///
    /// The lease stays until ``conclude(_:_:)``.
    ///
    /// - Returns: what is wrong; `nil` if nothing is.
    func verdict(_ context: RunContext, _ ask: () async throws -> Void) async throws -> MigrationError? {
        do {
            try await ProjectRoot.$url.withValue(root) { try await context.alone(ask) }
            return nil
        } catch let error as MigrationError where error.code == .verification {
            return error
        } catch {
            if let lease = context.lease { _ = try? await connection.run([ledger.release(lease)]) }
            guard let stopped = error as? RunStopped else { throw error }
            throw MigrationError(
                .state,
                "the verification of \(context.run.name) was stopped (\(stopped.reason)); the next one goes on with it"
            )
        }
    }

    /// Records what follows from a verdict, and gives the lease back.
    ///
    /// - Throws: ``MigrationError`` if another process has taken the run over; nothing is recorded then.
    func conclude(_ context: RunContext, _ statements: [Statement]) async throws {
        var release = context.lease.map { ledger.release($0) }
        release?.expectedChanges = 1
        let fence = release.map { [$0] } ?? []
        let all: [Statement] = [.begin] + fence + statements + [.commit]
        try await Retry(observer: observer).run {
            do {
                try await context.run(all, fencedAt: 1)
            } catch {
                _ = try? await connection.run([.rollback])
                throw error
            }
        }
    }
}
