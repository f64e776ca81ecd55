import Database
import Synchronization

/// What the ledger says of a run that goes on, as last read: the state that somebody may have given it from another
/// terminal, and what was set for it.
final class RunControl: Sendable {
    private struct State {
        var status: RunState?
        var settings: RunSettings
        var settingsText: String?
        /// This process's share of the workers that have parts of the run.
        var share = 1.0
        /// The database's clock, in milliseconds since 1970, and when it was read.
        var clock: (milliseconds: Int64, at: ContinuousClock.Instant)?
        var pace = Pace()
    }

    private let state: Mutex<State>
    private let start = ContinuousClock.now

    init(settings: String?) {
        state = Mutex(State(settings: RunSettings(json: settings), settingsText: settings))
    }

    /// The run's state; `nil` if it was not read yet.
    var status: RunState? { state.withLock { $0.status } }
    /// What was set.
    var settings: RunSettings { state.withLock { $0.settings } }

    /// The database's clock now, in milliseconds since 1970; `nil` if it was not read yet.
    var now: Int64? {
        state.withLock { state in
            state.clock.map { $0.milliseconds + Int64($0.at.duration(to: .now) / .milliseconds(1)) }
        }
    }

    /// How long ago the ledger was read.
    var age: Duration { state.withLock { $0.clock?.at.duration(to: .now) } ?? .seconds(3_600) }

    /// Takes the answer to ``Ledger/control(of:)``.
    func take(_ rows: Rows?) {
        guard let row = rows?.first else { return }
        state.withLock { state in
            state.status = row[0].text.flatMap(RunState.init) ?? state.status
            let text = row[1].text
            if text != state.settingsText { (state.settings, state.settingsText) = (RunSettings(json: text), text) }
            state.clock = row[2].integer.map { ($0, .now) }
            let (all, own) = (row[3].integer ?? 0, max(1, row[4].integer ?? 1))
            state.share = Double(own) / Double(max(all, own))
        }
    }

    /// How many rows a second this process may take, where somebody says so.
    func rate(_ limits: RunLimits) -> Double? {
        state.withLock { state in
            state.settings.rowsPerSecond.map { $0 * state.share } ?? limits.rowsPerSecond
        }
    }

    /// How long to wait before a batch, to be no faster than that.
    var wait: Duration { state.withLock { $0.pace.wait(at: start.duration(to: .now)) } }

    /// Takes note of rows that were taken by a batch that has just ended.
    func use(rows: Int, took duration: Duration, _ limits: RunLimits) {
        guard let rate = rate(limits) else { return }
        let begin = start.duration(to: .now) - duration
        state.withLock { $0.pace.use(rows: rows, perSecond: rate, at: begin) }
    }
}

extension Ledger {
    /// What workers ask with each batch: state, settings, the clock, and how many workers there are, in all and in this
    /// process.
    func control(of run: RunRecord) -> SQL {
        let run = run.id
        func workers(_ more: SQL) -> SQL {
            """
            (SELECT count(*) FROM data_migration_slices WHERE run_id = \(run) AND status = 'open' \
            AND step NOT LIKE '%*' AND lease_until > \(now) AND \(more))
            """
        }
        // Only a speed is shared out among workers; without one, nobody need be counted.
        func whereShared(_ count: SQL) -> SQL { "CASE WHEN settings LIKE '%rowsPerSecond%' THEN \(count) END" }
        let own = owner.run.name + "."
        let isOwn: SQL = "substr(owner, 1, \(own.count)) = \(own)"
        return """
            SELECT status, settings, \(now), \(whereShared(workers("owner IS NOT NULL"))), \(whereShared(workers(isOwn)))
            FROM data_migration_runs WHERE id = \(run)
            """
    }
}
