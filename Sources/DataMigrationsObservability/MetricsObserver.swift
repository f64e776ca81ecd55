public import CoreMetrics
public import DataMigrations
import Foundation

/// Counts what runs do, in whatever backend of swift-metrics the program has.
///
/// ``MetricName`` lists what there is.
public struct MetricsObserver: ProgressObserver {
    private let factory: (any MetricsFactory)?

    /// Makes an observer.
    ///
    /// - Parameter factory: makes the meters; by default the one that `MetricsSystem` has when a run begins.
    public init(factory: (any MetricsFactory)? = nil) { self.factory = factory }

    /// Adds up what an event tells.
    public func observe(_ event: ProgressEvent) { RunMeters.current?.count(event) }

    /// Has a run done, and notes how it ended.
    ///
    /// - Throws: what `work` throws.
    public func during(_ scope: RunScope, _ work: () async throws -> RunOutcome) async throws -> RunOutcome {
        guard case .run(let info) = scope else { return try await work() }
        let meters = RunMeters(info, factory: factory ?? MetricsSystem.factory)
        meters.work(true)
        defer { meters.work(false) }
        return try await RunMeters.$current.withValue(meters) {
            do {
                let outcome = try await work()
                // Where another process leads the run, it is not ours to count.
                if case .run(let report?) = outcome { meters.end(report.label, at: Self.now) }
                return outcome
            } catch {
                meters.end(FailureLabel.of(error), at: Self.now)
                throw error
            }
        }
    }

    private static var now: Double { Date.now.timeIntervalSince1970 }
}
