import CoreMetrics
import DataMigrations
import DataMigrationsObservability
import DataMigrationsTesting
import Database
import InMemoryTracing
import MetricsTestKit
import Testing
import Tracing

@Suite struct RetryTests {
    /// Fails once, as where somebody else holds a lock.
    private struct Interrupted: BatchMigration {
        let attempts: EventCounter
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
        var rows: Query<Item> { Item.where("label IS NULL") }

        init() { self.init(attempts: EventCounter()) }
        init(attempts: EventCounter) { self.attempts = attempts }

        func process(_ items: [Item], _ batch: Batch) async throws {
            if attempts.next() == 2 { throw DatabaseError(.conflict, "somebody else was faster") }
            try await batch.update(items.map { Item(id: $0.id, label: "item") })
        }
    }

    @Test func aBatchThatIsTriedAgainIsOneSpanWithAnEventAndOneRetry() async throws {
        let database = try await makeItems(25)
        let (tracer, metrics) = (InMemoryTracer(), TestMetrics())
        let observer = ObserverGroup(TracingObserver(tracer: tracer), MetricsObserver(factory: metrics))
        let entry = MigrationPlan.Entry(Interrupted())
        let report = try await Runner(database.connection, observer: observer).migrate(entry)
        #expect(report?.status == .succeeded)
        let up = [("version", MigrationPlan.Entry.version), ("migration", "label_items"), ("direction", "up")]
        #expect(try metrics.expectCounter(MetricName.retries.rawValue, up).totalValue == 1)
        #expect(try metrics.expectCounter(MetricName.batches.rawValue, up).totalValue == 3)
        #expect(try metrics.expectCounter(MetricName.rowsVisited.rawValue, up).totalValue == 25)

        let retried = tracer.finishedSpans.filter { $0.events.contains { $0.name == "retry" } }
        #expect(retried.map(\.operationName) == ["azu.batch"])
        let event = try #require(retried.first?.events.first)
        #expect(event.attributes.get("azu.attempt") == .int64(1))
        #expect(event.attributes.get("azu.reason") == "somebody else was faster")
        #expect(retried.first?.errors.isEmpty == true)
    }
}
