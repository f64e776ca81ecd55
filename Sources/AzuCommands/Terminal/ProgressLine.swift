import DataMigrations

/// A run's progress in words.
enum ProgressLine {
    /// Writes `41 %  412 000 rows  103 000 rows/s  batch 10 000  4.0 s  left 5.8 s  2 in quarantine`.
    static func text(_ meter: ProgressMeter, at time: Duration) -> String {
        var parts: [String] = []
        if let fraction = meter.fraction { parts.append("\(Int(fraction * 100)) %") }
        parts.append(Numbers.rows(meter.counters.visited))
        parts.append("\(Numbers.count(Int(meter.rowsPerSecond))) rows/s")
        parts.append("batch \(Numbers.count(meter.batchSize))")
        parts.append(Numbers.duration(meter.elapsed(at: time)))
        if let remaining = meter.remaining { parts.append("left \(Numbers.duration(remaining))") }
        if meter.counters.quarantined > 0 { parts.append("\(Numbers.count(meter.counters.quarantined)) in quarantine") }
        return parts.joined(separator: "  ")
    }

    /// What is said once; `nil` for batches.
    static func text(_ event: ProgressEvent) -> String? {
        switch event {
        case .started(let run):
            "\(run.isResumed ? "resuming" : run.direction == .up ? "running" : "rolling back") \(run.version) \(run.name)"
        case .retrying(let reason, let attempt, let delay):
            "  \(reason); trying again in \(Numbers.duration(delay)) (\(attempt))"
        case .waiting(let reason): reason.map { "  waiting: \($0)" } ?? "  going on"
        case .throttled(let state): state.map { "  slower: \($0.reason)" } ?? "  at full speed again"
        case .message(let message): "  \(message)"
        case .reading, .batch, .sweeping, .finished: nil
        }
    }

    /// A batch, for `--verbose`.
    static func text(_ batch: BatchProgress) -> String {
        let counters = batch.counters
        return "  batch of \(Numbers.rows(counters.visited)) in \(Numbers.duration(batch.duration)): "
            + "\(counters.changed) changed, \(counters.inserted) inserted, \(counters.deleted) deleted, "
            + "\(counters.skipped) skipped, \(counters.quarantined) quarantined"
    }
}

/// How long this process has been running: a clock that nobody sets back.
enum Uptime {
    private static let start = ContinuousClock.now
    static var now: Duration { start.duration(to: .now) }
}
