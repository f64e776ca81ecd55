import DataMigrations

/// How a run ended, in one line.
enum RunSummary {
    static func line(_ report: RunReport) -> String {
        let counters = report.counters
        let parts = [
            (counters.changed, "changed"), (counters.inserted, "inserted"), (counters.deleted, "deleted"),
            (counters.skipped, "skipped"), (report.openQuarantine, "in quarantine"),
            (report.conflicts, "left as they are"),
        ].filter { $0.0 > 0 }.map { "\(Numbers.count($0.0)) \($0.1)" }
        let what = parts.isEmpty ? "nothing to change" : parts.joined(separator: ", ")
        let time = Numbers.duration(report.duration)
        return "\(verb(report.status)) \(report.version) \(report.name): \(what) (\(time))"
    }

    private static func verb(_ state: RunState) -> String {
        switch state {
        case .succeeded: "✓"
        case .rolledBack: "↩"
        case .quarantined: "!"
        case .cancelled, .paused, .running: "‖"
        case .pending, .failed, .rollingBack: "✗"
        }
    }

    /// What a person can do about it.
    static func advice(_ report: RunReport, again: Bool = false) -> String? {
        switch report.status {
        case .rolledBack where report.conflicts > 0:
            """
              \(Numbers.rows(report.conflicts)) could not be taken back. azu db:data:failures \(report.version) lists them
            """
        case .quarantined:
            """
              \(Numbers.rows(report.openQuarantine)) could not be processed. azu db:data:failures \(report.version) lists \
            them; then azu db:data:retry \(report.version), or azu db:data:accept \(report.version)
            """
        case .cancelled where again: "  stopped; azu db:data:run \(report.version) --again goes on where it stopped"
        case .cancelled: "  stopped; azu db:data:migrate goes on where it stopped"
        case .paused where report.direction == .up: "  paused; azu db:data:resume \(report.version) lets it go on"
        case .paused: "  stopped; azu db:data:rollback --version \(report.version) goes on where it stopped"
        default: nil
        }
    }
}
