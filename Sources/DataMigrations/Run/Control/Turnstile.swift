import Database
import Foundation
import Synchronization

/// Lets workers begin their next batch, or has them wait.
///
///     stop? ▸ paused, out of hours, a pause file, a busy database? ▸ pace ▸ next batch
extension RunContext {
    /// Waits before a batch for as long as somebody, or something, wants it to; the lease is kept meanwhile.
    ///
    /// - Returns: for how long.
    /// - Throws: ``RunStopped`` if somebody wants the run to stop; ``SurplusWorker`` if there are too many workers.
    @discardableResult
    func pass(_ lease: Lease?) async throws -> Duration {
        var waited = Duration.zero
        if control.status != .paused { await load.sampleIfDue(connection) }
        var told: Hold?
        var renewed = ContinuousClock.now
        while true {
            try checkStop()
            // The first batch needs the clock; and where there are no batches, none brings what somebody wants.
            if lease == nil ? control.age > .seconds(1) : limits.window != nil && control.now == nil {
                try await readControl()
            }
            let hold = hold
            if told?.reason != hold?.reason { try await tell(hold, lease, after: told) }
            told = hold
            guard hold != nil || control.wait > .milliseconds(250) else { break }
            waited += try await rest(.milliseconds(250))
            if control.age > .milliseconds(900) { try await readControl() }
            await load.sampleIfDue(connection)
            if renewed.duration(to: .now) > ledger.lease / 6 {
                renewed = .now
                _ = try await retry.run {
                    try await connection.run(renewal() + (lease.map { [ledger.renew($0)] } ?? []))
                }
            }
        }
        return waited + (try await rest(control.wait))
    }

    /// How many rows the next batch may take.
    var batchRows: Int {
        sizer.fix(control.settings.batchSize)
        sizer.aim(at: load.aim)
        return min(sizer.rows, control.rate(limits).map(Pace.mostRows) ?? .max)
    }

    /// Rests behind a batch, where the database has much to do.
    ///
    /// - Returns: for how long.
    func paused(after batch: Duration, rows: Int) async throws -> Duration {
        control.use(rows: rows, took: batch, limits)
        show(load.throttle)
        // The lease is not renewed meanwhile.
        return try await rest(min(load.pause(after: batch), ledger.lease / 6))
    }

    /// - Throws: ``RunStopped``, ``SurplusWorker``.
    func checkStop() throws {
        if limits.isOver { stop.request("its time is over (--run-time)") }
        if let reason = stopReason { throw RunStopped(reason: reason) }
        switch control.status {
        case nil, .running, .rollingBack, .paused: break
        case .cancelled: throw RunStopped(reason: "cancelled by db:data:cancel", isRecorded: true)
        case .some(let state): throw RunStopped(reason: "the run is \(state.rawValue)", isRecorded: true)
        }
        if let worker, worker >= workersWanted { throw SurplusWorker() }
    }

    /// How many workers this process is to have now.
    var workersWanted: Int { control.settings.workers ?? workers }

    /// Reads what the ledger says now.
    func readControl() async throws {
        control.take(try await retry.run { try await ledger.read(ledger.control(of: run)) })
    }

    /// Why no batch is to be begun now.
    private var hold: Hold? {
        if control.status == .paused { return Hold(kind: "paused", reason: "paused", isByPerson: true) }
        if let file = limits.pauseFile, FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) {
            return Hold(kind: "file", reason: "\(file.lastPathComponent) is there, which has it pause")
        }
        if let window = limits.window, let now = control.now, !window.contains(now) {
            return Hold(kind: "window", reason: "outside of \(window)")
        }
        if let state = load.throttle, state.isWaiting {
            return Hold(kind: state.signal, reason: state.reason, throttle: state)
        }
        return nil
    }

    private struct Hold {
        /// What it is about, while the words change with the numbers in them.
        var kind: String
        var reason: String
        var isByPerson = false
        var throttle: ThrottleState?
    }

    /// Tells everybody why the run waits; `nil`: it goes on.
    private func tell(_ hold: Hold?, _ lease: Lease?, after last: Hold?) async throws {
        // A signal whose number changes is nothing new; only the ledger has the latest.
        let isNew = hold?.kind != last?.kind
        if isNew { observer.observe(.waiting(reason: hold?.reason)) }
        shared.shown.withLock { $0 = hold?.throttle }
        var statements = lease.map { [ledger.note(waiting: hold?.reason, for: $0)] } ?? []
        // What a person does is recorded where it is done.
        if isNew, (hold ?? last)?.isByPerson != true {
            statements.append(ledger.record(hold == nil ? .wentOn : .waited, of: run, message: hold?.reason))
        }
        _ = try await retry.run { [statements] in try await connection.run(statements) }
    }

    /// Tells whoever watches that the run is slowed down, and when it no longer is.
    private func show(_ state: ThrottleState?) {
        let isNew = shared.shown.withLock { shown in
            // Utilisation changes all the time; what is told is the signal.
            guard shown?.signal != state?.signal || shown?.isWaiting != state?.isWaiting else { return false }
            shown = state
            return true
        }
        if isNew { observer.observe(.throttled(state)) }
    }

    /// Sleeps, unless somebody asks for a stop.
    ///
    /// - Returns: for how long.
    private func rest(_ duration: Duration) async throws -> Duration {
        guard duration > .zero else { return .zero }
        let start = ContinuousClock.now
        try await Task.sleep(for: duration) { stopReason != nil || limits.isOver }
        return start.duration(to: .now)
    }
}

/// A worker that is no longer wanted; its part goes to another one.
package struct SurplusWorker: Error {}
