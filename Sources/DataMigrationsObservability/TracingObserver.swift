public import DataMigrations
public import Tracing

/// Makes a span of each run, of each part of it, and of each batch; they stand in one another.
///
/// What the code of a migration traces, and what a database driver does, stands in the span of the batch. Without a
/// tracer, nothing is made.
///
/// | Span | Attributes |
/// |---|---|
/// | `azu.run` | `azu.version`, `azu.migration`, `azu.direction`, `azu.resumed`; then `azu.status`, the rows, `azu.quarantine.open`, `azu.conflicts` |
/// | `azu.slice` | `azu.slice.kind`, `azu.slice.number`, `azu.slice.step`, `azu.resumed`; then the rows |
/// | `azu.batch` | `azu.batch.size`; then the rows, `azu.batch.waited_ms` |
///
/// The rows are `azu.rows.visited`, `.updated`, `.inserted`, `.deleted`, `.skipped` and `.quarantined`. Retries, waits
/// and throttling are events of the span at hand: `retry`, `waiting`, `going_on`, `throttled`, `unthrottled`.
public struct TracingObserver: ProgressObserver {
    @TaskLocal private static var span: (any Span)?
    private let tracer: (any Tracer)?

    /// Makes an observer.
    ///
    /// - Parameter tracer: makes the spans; by default the one that `InstrumentationSystem` has.
    public init(tracer: (any Tracer)? = nil) { self.tracer = tracer }

    /// Adds what happens to the span at hand.
    public func observe(_ event: ProgressEvent) {
        guard let span = Self.span, span.isRecording, let event = Self.event(event) else { return }
        span.addEvent(event)
    }

    /// Has work done, in a span.
    ///
    /// - Throws: what `work` throws; the span then has the error.
    public func during(_ scope: RunScope, _ work: () async throws -> RunOutcome) async throws -> RunOutcome {
        let result: Result<RunOutcome, any Error>
        result = await (tracer ?? InstrumentationSystem.tracer).withAnySpan(scope.spanName) { span in
            if span.isRecording { scope.describe(in: span) }
            do {
                let outcome = try await Self.$span.withValue(span) { try await work() }
                if span.isRecording { outcome.describe(in: span) }
                return .success(outcome)
            } catch {
                if span.isRecording { Self.describe(error, in: span) }
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static func describe(_ error: any Error, in span: any Span) {
        switch error {
        // Somebody wants it so.
        case let stopped as RunStopped: span.attributes["azu.stopped"] = stopped.reason
        case is SurplusWorker: span.attributes["azu.stopped"] = "fewer workers are wanted"
        default:
            let failure = SpanFailure(description: "\(error)")
            span.recordError(failure)
            span.setStatus(SpanStatus(code: .error, message: failure.description))
        }
    }

    /// What an error says in one line: all of it, as some tracers write it, may hold values of rows.
    private struct SpanFailure: Error, CustomStringConvertible {
        var description: String
    }

    private static func event(_ event: ProgressEvent) -> SpanEvent? {
        switch event {
        case .retrying(let reason, let attempt, let delay):
            SpanEvent(
                name: "retry",
                attributes: [
                    "azu.reason": "\(reason)", "azu.attempt": .int(Int64(attempt)),
                    "azu.delay_s": .double(delay.seconds),
                ]
            )
        case .waiting(let reason?): SpanEvent(name: "waiting", attributes: ["azu.reason": "\(reason)"])
        case .waiting(nil): SpanEvent(name: "going_on")
        case .throttled(let state?):
            SpanEvent(
                name: "throttled",
                attributes: ["azu.reason": "\(state.reason)", "azu.signal": "\(state.signal)"]
            )
        case .throttled(nil): SpanEvent(name: "unthrottled")
        case .sweeping: SpanEvent(name: "sweeping")
        case .started, .reading, .batch, .message, .finished: nil
        }
    }
}

extension RunScope {
    fileprivate var spanName: String {
        switch self {
        case .run: "azu.run"
        case .slice: "azu.slice"
        case .batch: "azu.batch"
        }
    }

    fileprivate func describe(in span: any Span) {
        switch self {
        case .run(let info):
            span.attributes["azu.version"] = info.version
            span.attributes["azu.migration"] = info.name
            span.attributes["azu.direction"] = info.direction.label
            span.attributes["azu.resumed"] = info.isResumed
        case .slice(let info):
            span.attributes["azu.slice.kind"] = info.kind
            span.attributes["azu.slice.number"] = info.number
            span.attributes["azu.slice.step"] = info.step
            span.attributes["azu.resumed"] = info.isResumed
        case .batch(let size): span.attributes["azu.batch.size"] = size
        }
    }
}

extension RunOutcome {
    fileprivate func describe(in span: any Span) {
        switch self {
        case .run(let report?):
            span.attributes["azu.status"] = report.label
            span.attributes["azu.quarantine.open"] = report.openQuarantine
            span.attributes["azu.conflicts"] = report.conflicts
            report.counters.describe(in: span)
        case .slice(let counters): counters.describe(in: span)
        case .batch(let batch?):
            span.attributes["azu.batch.waited_ms"] = Int((batch.waited / .milliseconds(1)).rounded())
            batch.counters.describe(in: span)
        case .run(nil), .batch(nil): break
        }
    }
}

extension ChangeCounters {
    fileprivate func describe(in span: any Span) {
        span.attributes["azu.rows.visited"] = visited
        span.attributes["azu.rows.updated"] = changed
        span.attributes["azu.rows.inserted"] = inserted
        span.attributes["azu.rows.deleted"] = deleted
        span.attributes["azu.rows.skipped"] = skipped
        span.attributes["azu.rows.quarantined"] = quarantined
    }
}
