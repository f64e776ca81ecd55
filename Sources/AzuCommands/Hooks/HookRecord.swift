import DataMigrations
import Foundation

/// What a hook outside of Swift is told of a run: numbers and names, no row.
struct HookRecord: Encodable {
    /// The turn: `started`, `finished`, `failed` or `paused`.
    var event: String
    /// The same in one line, which chat programs show.
    var text: String
    var version: String
    var name: String
    var direction: RunDirection
    var status: RunState
    /// Whether an earlier process began the run; `nil` but for `started`.
    var resumed: Bool?
    var counters: ChangeCounters?
    var openQuarantine: Int?
    var conflictCount: Int?
    var seconds: Double?
    var error: String?
    var environment: String
    var host = ProcessInfo.processInfo.hostName
    /// When this was told, in UTC.
    var at = Date.now.formatted(.iso8601)

    /// A run that began.
    init(started run: RunInfo, environment: String) {
        event = "started"
        (version, name, direction) = (run.version, run.name, run.direction)
        status = run.direction == .up ? .running : .rollingBack
        resumed = run.isResumed
        self.environment = environment
        text = "azu (\(environment)): \(run.direction == .up ? "running" : "rolling back") \(run.version) \(run.name)"
    }

    /// A run that was left in some state.
    init(_ event: String, _ report: RunReport, environment: String) {
        self.event = event
        (version, name, direction) = (report.version, report.name, report.direction)
        status = report.status
        counters = report.counters
        openQuarantine = report.openQuarantine
        conflictCount = report.conflicts
        seconds = report.duration / .seconds(1)
        error = report.error.map { String($0.prefix(2_000)) }
        self.environment = environment
        let outcome = report.error.map { "✗ \(report.version) \(report.name): \($0.prefix(500))" }
        text = "azu (\(environment)): \(outcome ?? RunSummary.line(report))"
    }

    /// The JSON, on one line.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // Strings, numbers and truth values can't fail to encode.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// The variables of a command.
    var variables: [String: String] {
        var variables = [
            "AZU_EVENT": event, "AZU_TEXT": text, "AZU_VERSION": version, "AZU_NAME": name,
            "AZU_STATUS": status.rawValue,
            "AZU_DIRECTION": direction.rawValue, "AZU_ENV": environment,
        ]
        if let resumed { variables["AZU_RESUMED"] = resumed ? "1" : "0" }
        if let counters {
            variables["AZU_ROWS"] = String(counters.visited)
            variables["AZU_WRITTEN"] = String(counters.written)
        }
        if let openQuarantine { variables["AZU_QUARANTINED"] = String(openQuarantine) }
        if let seconds { variables["AZU_SECONDS"] = String(format: "%.1f", seconds) }
        if let error { variables["AZU_ERROR"] = error }
        return variables
    }
}

/// Hooks that are told the same of every turn.
protocol RecordHooks: RunHooks {
    /// The environment that the runs belong to.
    var environment: String { get }

    /// Tells somebody.
    func send(_ record: HookRecord) async throws
}

extension RecordHooks {
    func didStart(_ run: RunInfo) async throws { try await send(HookRecord(started: run, environment: environment)) }

    func didFinish(_ run: RunReport) async throws {
        try await send(HookRecord("finished", run, environment: environment))
    }

    func didFail(_ run: RunReport) async throws { try await send(HookRecord("failed", run, environment: environment)) }

    func didPause(_ run: RunReport) async throws { try await send(HookRecord("paused", run, environment: environment)) }
}

/// Why a hook failed, in one line without secrets.
struct HookFailure: Error, CustomStringConvertible {
    var description: String
}
