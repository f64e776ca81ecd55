import CoreMetrics
import DataMigrations
import Metrics
import Synchronization

/// The meters of one run, made once, so that a batch only adds to them.
final class RunMeters: Sendable {
    @TaskLocal static var current: RunMeters?

    private let factory: any MetricsFactory
    private let labels: [(String, String)]
    private let visited: Counter
    private let updated: Counter
    private let inserted: Counter
    private let deleted: Counter
    private let skipped: Counter
    private let quarantined: Counter
    private let batches: Counter
    private let duration: Timer
    private let size: Recorder
    private let retries: Counter
    private let throttled: FloatingPointCounter
    private let waiting: Meter
    private let expected: Meter
    private let start = ContinuousClock.now

    init(_ info: RunInfo, factory: any MetricsFactory) {
        let labels = [
            ("version", info.version), ("migration", info.name), ("direction", info.direction.label),
        ]
        func counter(_ name: MetricName, operation: String? = nil) -> Counter {
            let dimensions = labels + (operation.map { [("operation", $0)] } ?? [])
            return Counter(label: name.rawValue, dimensions: dimensions, factory: factory)
        }
        func meter(_ name: MetricName) -> Meter {
            Meter(label: name.rawValue, dimensions: labels, factory: factory)
        }
        self.factory = factory
        self.labels = labels
        visited = counter(.rowsVisited)
        updated = counter(.rowsWritten, operation: "update")
        inserted = counter(.rowsWritten, operation: "insert")
        deleted = counter(.rowsWritten, operation: "delete")
        skipped = counter(.rowsSkipped)
        quarantined = counter(.rowsQuarantined)
        batches = counter(.batches)
        duration = Timer(label: MetricName.batchDuration.rawValue, dimensions: labels, factory: factory)
        size = Recorder(label: MetricName.batchSize.rawValue, dimensions: labels, aggregate: true, factory: factory)
        retries = counter(.retries)
        throttled = FloatingPointCounter(
            label: MetricName.throttledSeconds.rawValue,
            dimensions: labels,
            factory: factory
        )
        waiting = meter(.waiting)
        expected = meter(.rowsExpected)
        waiting.set(0)
    }

    /// Adds up what an event tells.
    func count(_ event: ProgressEvent) {
        switch event {
        case .reading(let info):
            if case .rows(let rows) = info.total { expected.set(rows) }
        case .batch(let batch): count(batch)
        case .retrying: retries.increment()
        case .waiting(let reason): waiting.set(reason == nil ? 0 : 1)
        case .started, .sweeping, .throttled, .message, .finished: break
        }
    }

    private func count(_ batch: BatchProgress) {
        let counters = batch.counters
        visited.increment(by: counters.visited)
        updated.increment(by: counters.changed)
        inserted.increment(by: counters.inserted)
        deleted.increment(by: counters.deleted)
        skipped.increment(by: counters.skipped)
        quarantined.increment(by: counters.quarantined)
        batches.increment()
        duration.record(duration: batch.duration)
        size.record(counters.visited)
        if batch.waited > .zero { throttled.increment(by: batch.waited / .seconds(1)) }
    }

    /// Notes how the run ended.
    func end(_ status: String, at time: Double) {
        let labels = labels + [("status", status)]
        waiting.set(0)
        Counter(label: MetricName.runs.rawValue, dimensions: labels, factory: factory).increment()
        Timer(label: MetricName.runDuration.rawValue, dimensions: labels, factory: factory)
            .record(duration: start.duration(to: .now))
        Meter(label: MetricName.runEnd.rawValue, dimensions: labels, factory: factory).set(time)
    }

    /// Notes that this process works on the run, or no longer does.
    func work(_ isActive: Bool) {
        let active = Meter(label: MetricName.runsActive.rawValue, dimensions: labels, factory: factory)
        active.set(isActive ? 1 : 0)
    }
}
