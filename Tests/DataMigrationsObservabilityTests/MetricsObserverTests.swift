import CoreMetrics
import DataMigrations
import DataMigrationsObservability
import DataMigrationsTesting
import MetricsTestKit
import Testing

@Suite struct MetricsObserverTests {
    private static let up = [
        ("version", MigrationPlan.Entry.version), ("migration", "label_items"), ("direction", "up"),
    ]
    private static let down = up.dropLast() + [("direction", "down")]

    @Test func aRunIsCounted() async throws {
        let database = try await makeItems(25)
        let metrics = TestMetrics()
        let runner = Runner(database.connection, observer: MetricsObserver(factory: metrics))
        _ = try await runner.migrate(.init(LabelItems()))
        func counter(_ name: MetricName, _ more: [(String, String)] = []) throws -> Int64 {
            try metrics.expectCounter(name.rawValue, Self.up + more).totalValue
        }
        #expect(try counter(.rowsVisited) == 25)
        #expect(try counter(.rowsWritten, [("operation", "update")]) == 25)
        #expect(try counter(.rowsWritten, [("operation", "insert")]) == 0)
        #expect(try counter(.rowsWritten, [("operation", "delete")]) == 0)
        #expect(try counter(.rowsQuarantined) == 0)
        #expect(try counter(.rowsSkipped) == 0)
        #expect(try counter(.batches) == 3)
        #expect(try counter(.retries) == 0)
        #expect(try counter(.runs, [("status", "succeeded")]) == 1)
        #expect(try metrics.expectRecorder(MetricName.batchSize.rawValue, Self.up).values == [10, 10, 5])
        let durations = try metrics.expectTimer(MetricName.batchDuration.rawValue, Self.up).values
        #expect(durations.count == 3 && durations.allSatisfy { $0 > 0 })
        let run = try metrics.expectTimer(MetricName.runDuration.rawValue, Self.up + [("status", "succeeded")])
        #expect(run.values.count == 1 && run.values[0] >= durations.reduce(0, +))
        #expect(try metrics.expectMeter(MetricName.rowsExpected.rawValue, Self.up).lastValue == 25)
        #expect(try metrics.expectMeter(MetricName.runsActive.rawValue, Self.up).values == [1, 0])
        let end = try metrics.expectMeter(MetricName.runEnd.rawValue, Self.up + [("status", "succeeded")])
        #expect((end.lastValue ?? 0) > 1_700_000_000)
    }

    @Test func theWayBackIsCountedByItself() async throws {
        let database = try await makeItems(25)
        _ = try await Runner(database.connection).migrate(.init(LabelItems()))
        let metrics = TestMetrics()
        let runner = Runner(database.connection, observer: MetricsObserver(factory: metrics))
        _ = try await runner.rollback(.init(LabelItems()))
        let visited = try metrics.expectCounter(MetricName.rowsVisited.rawValue, Array(Self.down))
        #expect(visited.totalValue == 25)
        let ended = Array(Self.down) + [("status", "rolled_back")]
        #expect(try metrics.expectCounter(MetricName.runs.rawValue, ended).totalValue == 1)
        #expect(metrics.counters(label: MetricName.rowsVisited.rawValue).count == 1)
    }

    @Test func badRowsAFailureAndAStopHaveTheirStatus() async throws {
        let metrics = TestMetrics()
        func ended(_ status: String) throws -> Int64 {
            try metrics.expectCounter(MetricName.runs.rawValue, Self.up + [("status", status)]).totalValue
        }
        let bad = try await makeItems(25)
        let observer = MetricsObserver(factory: metrics)
        _ = try await Runner(bad.connection, observer: observer).migrate(.init(LabelItems(bad: [3, 7])))
        #expect(try ended("quarantined") == 1)
        let aside = try metrics.expectCounter(MetricName.rowsQuarantined.rawValue, Self.up)
        #expect(aside.totalValue == 2)

        let wrong = try await makeItems(5)
        await #expect(throws: MigrationError.self) {
            try await Runner(wrong.connection, observer: observer).migrate(.init(LabelItems(isVerified: false)))
        }
        #expect(try ended("failed") == 1)

        let stopped = try await makeItems(25)
        let stopper = Stopper(after: 1)
        let both = ObserverGroup(stopper, observer)
        _ = try await Runner(stopped.connection, observer: both, stop: stopper.stop).migrate(.init(LabelItems()))
        #expect(try ended("cancelled") == 1)
        #expect(try metrics.expectMeter(MetricName.runsActive.rawValue, Self.up).lastValue == 0)
    }
}
