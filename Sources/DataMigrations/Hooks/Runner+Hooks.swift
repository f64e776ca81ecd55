import Database

extension Runner {
    /// Calls the hooks of a migration and those of the program, one by one.
    ///
    /// What they throw is a warning and an event, and nothing else.
    func tell(_ turn: RunTurn, _ migration: any DataMigration, _ run: RunRecord) async {
        let all: [any RunHooks] = [migration] + hooks
        for hooks in all {
            do {
                try await turn.tell(hooks)
            } catch {
                let text = "\(turn.name) of \(run.name) failed: \(Fault.text(of: error))"
                observer.observe(.message("warning: the hook \(text)"))
                _ = try? await connection.run([ledger.record(.hookFailed, of: run, message: text)])
            }
        }
    }

    /// Tells that a run has failed, unless another process has taken it over since.
    ///
    /// Where that could not be recorded, as where the database is gone, the run has failed all the same; the database is not
    /// asked for more then, which could take its time.
    func tellFailure(
        _ text: String,
        _ migration: any DataMigration,
        _ run: RunRecord,
        since start: ContinuousClock.Instant,
        isRecorded: Bool
    ) async {
        var known = run
        known.status = .failed
        guard isRecorded, let current = try? await ledger.latestRun(of: run.version) else {
            return await tell(.failed(report(failed: known, text, since: start)), migration, known)
        }
        guard current.id == run.id, current.status == .failed else { return }
        known = current
        var report = report(failed: known, text, since: start)
        await count(known, in: &report)
        await tell(.failed(report), migration, known)
    }

    /// Tells that a run was refused, and is what it was.
    func tellRefusal(
        _ error: MigrationError,
        _ migration: any DataMigration,
        _ run: RunRecord,
        since start: ContinuousClock.Instant
    ) async {
        var report = report(failed: run, error.description, since: start)
        report.direction = .down
        await count(run, in: &report)
        await tell(.failed(report), migration, run)
    }

    private func report(
        failed run: RunRecord,
        _ text: String,
        since start: ContinuousClock.Instant
    ) -> RunReport {
        RunReport(
            version: run.version,
            name: run.name,
            direction: run.direction,
            status: run.status,
            duration: start.duration(to: .now),
            error: text
        )
    }

    /// Adds what was done, as far as the database tells.
    private func count(_ run: RunRecord, in report: inout RunReport) async {
        guard let counters = try? await ledger.counters(of: run) else { return }
        report.counters = counters
        report.openQuarantine = (try? await ledger.openQuarantine(of: run)) ?? 0
    }
}

extension RunContext {
    /// Does something that takes its time beside the database, and keeps the lease of the run meanwhile.
    func keepingLease(_ body: () async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                while (try? await Task.sleep(for: leaseTime / 6)) != nil {
                    let renewal = renewal()
                    if renewal.isEmpty { continue }
                    // Not to be cancelled in the midst of a statement, which would harm the connection.
                    await Task { _ = try? await connection.run(renewal) }.value
                }
            }
            await body()
            group.cancelAll()
        }
    }
}
