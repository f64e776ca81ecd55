import DataMigrations
import Foundation

/// The runs that go on, drawn anew each time.
///
///     running  20240101120000 backfill_user_slugs   41 %  412 000 of 1 000 000 rows  103 000 rows/s
///              process 4711 on shop-1, 2 workers
struct WatchBoard {
    let isTerminal: Bool
    let format: OutputFormat
    /// When each run was last looked at, and how many rows were done.
    private var last: [String: (time: Duration, rows: Int)] = [:]
    private var drawn = 0

    init(isTerminal: Bool, format: OutputFormat) {
        self.isTerminal = isTerminal
        self.format = format
    }

    /// Shows the runs as they are now.
    mutating func show(_ runs: [LiveRun], at time: Duration) {
        let rates = runs.map { rate(of: $0, at: time) }
        if format == .json {
            for (run, rate) in zip(runs, rates) { Console.json(LiveRunRecord(run, rate)) }
            return
        }
        var lines = zip(runs, rates).flatMap { Self.lines($0, $1) }
        if lines.isEmpty { lines = ["no data migration goes on"] }
        if isTerminal, drawn > 0 { Console.write("\u{1B}[\(drawn)A\u{1B}[J", to: .standardOutput) }
        for line in lines { Console.print(line) }
        drawn = lines.count
    }

    private mutating func rate(of run: LiveRun, at time: Duration) -> Double? {
        defer { last[run.version] = (time, run.counters.visited) }
        guard let before = last[run.version], time > before.time else { return nil }
        return max(0, Double(run.counters.visited - before.rows) / ((time - before.time) / .seconds(1)))
    }

    static func lines(_ run: LiveRun, _ rate: Double?) -> [String] {
        var parts = ["\(run.status.rawValue)  \(run.version) \(run.name)"]
        if let total = run.total, total > 0 {
            parts.append("\(min(100, run.counters.visited * 100 / total)) %")
            parts.append("\(Numbers.count(run.counters.visited)) of \(Numbers.rows(total))")
        } else {
            parts.append(Numbers.rows(run.counters.visited))
        }
        if let rate { parts.append("\(Numbers.count(Int(rate))) rows/s") }
        if run.openQuarantine > 0 { parts.append("\(Numbers.count(run.openQuarantine)) in quarantine") }
        var lines = [parts.joined(separator: "  ")]
        let workers = run.workers == 1 ? "1 worker" : "\(run.workers) workers"
        let command =
            run.status == .paused
            ? "db:data:resume \(run.version)" : run.direction.command(run.version, again: run.isAgain)
        lines.append(
            run.processes.isEmpty
                ? "  no process is at work; azu \(command) goes on"
                : "  \(run.processes.joined(separator: ", ")), \(workers)"
        )
        for reason in run.waiting where reason != run.status.rawValue { lines.append("  waiting: \(reason)") }
        return lines
    }
}

/// A live run for a program.
struct LiveRunRecord: Encodable {
    var version: String
    var name: String
    var direction: RunDirection
    var status: RunState
    var counters: ChangeCounters
    var batches: Int
    var totalRows: Int?
    var rowsPerSecond: Double?
    var openQuarantine: Int
    var processes: [String]
    var workers: Int
    var waiting: [String]
    var settings: RunSettings

    init(_ run: LiveRun, _ rate: Double?) {
        version = run.version
        name = run.name
        direction = run.direction
        status = run.status
        counters = run.counters
        batches = run.batches
        totalRows = run.total
        rowsPerSecond = rate
        openQuarantine = run.openQuarantine
        processes = run.processes
        workers = run.workers
        waiting = run.waiting
        settings = run.settings
    }
}
