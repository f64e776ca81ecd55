import Database

extension Runner {
    /// Records why a run ended before its end.
    func end(
        _ run: RunRecord,
        _ entry: MigrationPlan.Entry,
        _ migration: any DataMigration,
        _ error: any Error,
        since start: ContinuousClock.Instant,
        under lease: Lease?
    ) async throws -> RunReport {
        let release = lease.map { [ledger.release($0)] } ?? []
        if let stopped = error as? RunStopped {
            // A way back is not given up half-way; it waits.
            let state: RunState = run.direction == .down ? .paused : .cancelled
            // The stop that is under way must not end this, too.
            let isOurs = try await Retry(policy: limits.retry, observer: observer).run {
                // What somebody has paused or cancelled meanwhile stays so.
                let status = try await ledger.latestRun(of: run.version)?.status
                let isSettled = stopped.isRecorded || status == .paused || status == .cancelled
                let move = isSettled ? [] : [try ledger.move(run, to: state, under: lease)]
                try await inTransaction(move + [ledger.record(.stopped, of: run, message: stopped.reason)] + release)
                return !move.isEmpty
            }
            let report = try await finish(run, entry, since: start)
            // Whoever paused or cancelled it has told of that.
            if isOurs, report.status == state { await tell(.paused(report), migration, run) }
            return report
        }
        // Whoever holds the run goes on with it; it is not ours to call failed.
        if let error = error as? MigrationError, error.code == .held || error.code == .leaseLost {
            if !release.isEmpty { _ = try? await connection.run(release) }
            throw error
        }
        let text = Fault.text(of: error)
        let isVerdict = run.direction == .up && (error as? MigrationError)?.code == .verification
        let verdict = isVerdict ? ledger.conclude(.failed, of: run, under: lease) : []
        // A full disk, for one, takes no record either; the first error is what the person must see.
        let record: Void? = try? await inTransaction(
            [
                try ledger.move(run, to: .failed, error: text, under: lease),
                ledger.record(.failed, of: run, message: text),
            ] + verdict + release
        )
        await tellFailure(text, migration, run, since: start, isRecorded: record != nil)
        if let error = error as? MigrationError { throw error }
        throw MigrationError(.failed, "\(entry.name): \(text)")
    }

    func finish(
        _ run: RunRecord,
        _ entry: MigrationPlan.Entry,
        since start: ContinuousClock.Instant
    ) async throws -> RunReport {
        guard let run = try await ledger.latestRun(of: entry.version) else { throw lost(entry) }
        let report = try await report(run, entry, since: start)
        observer.observe(.finished(report))
        return report
    }

    func report(
        _ run: RunRecord,
        _ entry: MigrationPlan.Entry,
        since start: ContinuousClock.Instant,
        didWork: Bool = true
    ) async throws -> RunReport {
        RunReport(
            version: entry.version,
            name: entry.name,
            direction: run.direction,
            status: run.status,
            counters: try await ledger.counters(of: run),
            openQuarantine: try await ledger.openQuarantine(of: run),
            conflicts: run.direction == .down ? try await ledger.conflicts(of: run) : 0,
            duration: start.duration(to: .now),
            didWork: didWork,
            error: run.error
        )
    }
}
