public import DataMigrations
public import Logging

/// Logs what runs do, for programs that have a ``/DataMigrations/Runner`` of their own.
///
/// Each line has the metadata `version`, `name` and `direction` of its run. Rows and bound values are never logged.
///
/// | Level | What |
/// |---|---|
/// | `debug` | each batch, each source that begins to be read |
/// | `info` | a run begins, goes on, ends; what its author says |
/// | `notice` | it waits, goes on, is slowed down |
/// | `warning` | something is tried again; rows were put aside; a run ended with rows in quarantine |
/// | `error` | a run failed |
public struct LoggingObserver: ProgressObserver {
    /// Where the lines go.
    public let logger: Logger

    /// Makes an observer.
    ///
    /// - Parameter logger: where the lines go; `azu` by default, as the program has set up its logging.
    public init(_ logger: Logger = Logger(label: "azu")) { self.logger = logger }

    /// Logs an event.
    public func observe(_ event: ProgressEvent) {
        switch event {
        case .started(let info):
            log(.info, info.isResumed ? "resuming" : "running", of: info, ["resumed": "\(info.isResumed)"])
        case .reading(let info): log(.debug, "reading", ["source": "\(info.label)"])
        case .batch(let batch): log(batch)
        case .sweeping: log(.debug, "looking for rows that came up meanwhile")
        case .retrying(let reason, let attempt, let delay):
            log(.warning, "trying again: \(reason)", ["attempt": "\(attempt)", "seconds": "\(delay.seconds)"])
        case .waiting(let reason): log(.notice, reason.map { "waiting: \($0)" } ?? "going on")
        case .throttled(let state):
            log(.notice, state.map { "slower: \($0.reason)" } ?? "at full speed again")
        case .message(let message): log(.info, "\(message)")
        case .finished(let report): log(report)
        }
    }

    /// Has a run done, and logs why it failed.
    ///
    /// - Throws: what `work` throws.
    public func during(_ scope: RunScope, _ work: () async throws -> RunOutcome) async throws -> RunOutcome {
        guard case .run(let info) = scope else { return try await work() }
        return try await ObservedRun.$current.withValue(ObservedRun(info)) {
            do {
                return try await work()
            } catch {
                let isHeld = FailureLabel.of(error) == FailureLabel.held
                log(isHeld ? .notice : .error, "\(error)", ["status": "\(FailureLabel.of(error))"])
                throw error
            }
        }
    }

    private func log(_ batch: BatchProgress) {
        let run = ObservedRun.current
        let counters = batch.counters
        var metadata: Logger.Metadata = [
            "rows": "\(counters.visited)", "written": "\(counters.written)",
            "seconds": "\(batch.duration.seconds)",
        ]
        if let run { metadata["batch"] = "\(run.nextBatch())" }
        log(.debug, "batch", metadata)
        if counters.quarantined > 0 {
            log(.warning, "rows were put aside", ["quarantined": "\(counters.quarantined)"])
        }
    }

    private func log(_ report: RunReport) {
        let isWell = [.succeeded, .rolledBack, .cancelled, .paused].contains(report.status) && report.conflicts == 0
        let info = ObservedRun.current?.info
        log(
            isWell ? .info : .warning,
            "\(report.status.rawValue.replacing("_", with: " "))",
            [
                "version": "\(report.version)", "name": "\(report.name)",
                "direction": "\((info?.direction ?? report.direction).label)", "status": "\(report.label)",
                "rows": "\(report.counters.visited)", "written": "\(report.counters.written)",
                "quarantined": "\(report.openQuarantine)", "conflicts": "\(report.conflicts)",
                "seconds": "\(report.duration.seconds)",
            ]
        )
    }

    private func log(
        _ level: Logger.Level,
        _ message: Logger.Message,
        of info: RunInfo? = ObservedRun.current?.info,
        _ metadata: Logger.Metadata = [:]
    ) {
        guard level >= logger.logLevel else { return }
        var all: Logger.Metadata = [:]
        if let info {
            all = ["version": "\(info.version)", "name": "\(info.name)", "direction": "\(info.direction.label)"]
        }
        logger.log(level: level, message, metadata: all.merging(metadata) { $1 })
    }
}

extension Duration {
    /// In seconds, with milliseconds.
    var seconds: Double { (self / .milliseconds(1)).rounded() / 1_000 }
}
