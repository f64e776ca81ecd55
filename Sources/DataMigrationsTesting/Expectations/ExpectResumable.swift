public import DataMigrations
import Database
public import Testing

extension TestDatabase {
    /// Expects that a migration which is interrupted and resumed leaves what one does that is left alone.
    ///
    /// It is stopped after each batch and resumed; then it is ended at each COMMIT of its run, before and after it, as if
    /// its process were killed there, and resumed. The rows make about four batches. The database is left as it was.
    ///
    ///     try await database.expectResumable(MigrateUserRoles.self, ignoring: ["roles.created_at"])
    ///
    /// - Parameters:
    ///   - type: the migration.
    ///   - batchSize: how many rows a batch takes; a quarter of them by default.
    ///   - ignored: what may differ: `users.updated_at`, `*.updated_at`, or a table.
    ///   - sourceLocation: where issues are shown.
    /// - Throws: ``/DataMigrations/MigrationError`` if the migration can't be run.
    public func expectResumable<M: DataMigration>(
        _ type: M.Type,
        batchSize: Int? = nil,
        ignoring ignored: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await expectResumable(
            type.init(),
            batchSize: batchSize,
            ignoring: ignored,
            sourceLocation: sourceLocation
        )
    }

    /// Expects that a migration which is interrupted and resumed leaves what one does that is left alone; one that was
    /// made by hand.
    ///
    /// - Parameters: see ``expectResumable(_:batchSize:ignoring:sourceLocation:)-(M.Type,_,_,_)``.
    /// - Throws: ``/DataMigrations/MigrationError`` if the migration can't be run.
    public func expectResumable(
        _ migration: some DataMigration,
        batchSize: Int? = nil,
        ignoring ignored: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await Trials.of(migration, on: self, ignoring: ignored, at: sourceLocation) { trials in
            var size = batchSize
            if size == nil {
                guard let usual = try await trials.reference() else { return }
                size = trials.batchSize(for: usual.report)
                try await trials.restart()
            }
            guard let whole = try await trials.reference(batches: size) else { return }
            guard try await trials.checkStops(size, whole) else { return }
            for isAfter in [false, true] {
                var commit = 1
                // One issue is enough: the others would say the same.
                while let isRight = try await trials.checkInterruption(
                    .init(commit: commit, isAfter: isAfter),
                    size,
                    whole
                ) {
                    guard isRight else { return }
                    commit += 1
                }
            }
        }
    }
}

extension Trials {
    /// Stops a run after each of its batches.
    ///
    /// - Returns: whether it left the right rows.
    fileprivate func checkStops(_ size: Int?, _ whole: (report: RunReport, contents: Contents)) async throws -> Bool {
        try await restart()
        // A batch each time, those of the sweeps too, and some room.
        let most = 2 * whole.report.counters.visited + 50
        for _ in 0..<most {
            let stop = StopSignal()
            let runner = runner(batches: size, observer: StoppingObserver(stop, after: 1), stop: stop)
            let report: RunReport?
            do {
                report = try await runner.migrate(entry)
            } catch {
                record("\(name) is not resumable: stopped after a batch, it can't go on: \(error)")
                return false
            }
            if report?.status == .cancelled { continue }
            return compare(
                ("left alone", whole.contents),
                ("stopped after each batch, and resumed", try await contents())
            ) {
                "\(name) is not resumable: stopped after each batch and resumed, it leaves \($0) other than left alone"
            }
        }
        record("\(name) is not resumable: stopped after each batch, it was not through after \(most) runs")
        return false
    }

    /// Ends a run at a COMMIT, and resumes it.
    ///
    /// - Returns: whether it left the right rows; `nil` if it has fewer COMMITs.
    fileprivate func checkInterruption(
        _ place: InterruptedConnection.Place,
        _ size: Int?,
        _ whole: (report: RunReport, contents: Contents)
    ) async throws -> Bool? {
        try await restart()
        let session = try await TrialConnection(beside: database.connection)
        let connection = InterruptedConnection(session, at: place)
        // It fails, unless it has fewer COMMITs.
        let failure: (any Error)?
        do {
            _ = try await runner(on: connection, batches: size).migrate(entry)
            failure = nil
        } catch {
            failure = error
        }
        await session.end()
        guard connection.hasEnded else {
            if let failure { throw failure }
            return nil
        }
        let moment = "interrupted \(place.isAfter ? "after" : "before") its \(Self.ordinal(place.commit)) COMMIT"
        try await waitForEnd()
        do {
            _ = try await runner(batches: size).migrate(entry)
        } catch {
            record("\(name) is not resumable: \(moment), it can't go on: \(error)")
            return false
        }
        return compare(("left alone", whole.contents), (moment + ", and resumed", try await contents())) {
            "\(name) is not resumable: \(moment) and resumed, it leaves \($0) other than left alone"
        }
    }

    /// Waits until nothing of a run that was ended is left in this process, as nothing would be of one that was killed.
    private func waitForEnd() async throws {
        let end = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < end, try await runner().isHeld(entry) {
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// `1st`, `2nd`, `12th`.
    private static func ordinal(_ number: Int) -> String {
        let suffix = (11...13).contains(number % 100) ? "th" : [1: "st", 2: "nd", 3: "rd"][number % 10] ?? "th"
        return "\(number)\(suffix)"
    }
}
