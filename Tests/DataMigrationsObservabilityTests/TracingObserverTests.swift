import DataMigrations
import DataMigrationsObservability
import DataMigrationsTesting
import Database
import InMemoryTracing
import Testing
import Tracing

@Suite struct TracingObserverTests {
    @Test func aRunItsPartsAndItsBatchesAreSpansInOneAnother() async throws {
        let database = try await makeItems(25)
        let tracer = InMemoryTracer()
        let runner = Runner(database.connection, observer: TracingObserver(tracer: tracer))
        _ = try await runner.migrate(.init(LabelItems()))
        #expect(tracer.activeSpans.isEmpty)
        let spans = tracer.finishedSpans
        let runs = spans.filter { $0.operationName == "azu.run" }
        let slices = spans.filter { $0.operationName == "azu.slice" }
        let batches = spans.filter { $0.operationName == "azu.batch" }
        let run = try #require(runs.first)
        #expect(runs.count == 1 && run.parentSpanID == nil)
        // The rows that were there, then those that came up meanwhile: each part ends with a look that finds none.
        #expect(slices.count == 2 && slices.allSatisfy { $0.parentSpanID == run.spanID })
        #expect(batches.count == 3 + slices.count)
        let first = try #require(slices.first)
        let visited = batches.filter { $0.parentSpanID == first.spanID }.map { rows($0, "visited") }
        #expect(visited == [10, 10, 5, nil])
        #expect(spans.allSatisfy { $0.traceID == run.traceID && $0.errors.isEmpty })

        let attributes = run.attributes
        #expect(attributes.get("azu.version") == "20240101000001")
        #expect(attributes.get("azu.migration") == "label_items")
        #expect(attributes.get("azu.direction") == "up")
        #expect(attributes.get("azu.resumed") == .bool(false))
        #expect(attributes.get("azu.status") == "succeeded")
        #expect(rows(run, "updated") == 25)
        #expect(slices.map { $0.attributes.get("azu.slice.kind") } == ["table", "sweep"])
        #expect(batches.allSatisfy { $0.attributes.get("azu.batch.size") == .int64(10) })
    }

    @Test func aFailureIsInItsSpanAndNoValueOfARow() async throws {
        let database = try await makeItems(5)
        try await database.execute("CREATE UNIQUE INDEX one ON items (substr(label, 1, 6))")
        let tracer = InMemoryTracer()
        let runner = Runner(database.connection, observer: TracingObserver(tracer: tracer))
        let report = try await runner.migrate(.init(LabelItems()))
        #expect(report?.status == .quarantined)
        let wrong = Runner(try await makeItems(5).connection, observer: TracingObserver(tracer: tracer))
        await #expect(throws: MigrationError.self) { try await wrong.migrate(.init(LabelItems(isVerified: false))) }
        let failed = tracer.finishedSpans.filter { !$0.errors.isEmpty }
        #expect(failed.map(\.operationName) == ["azu.run"])
        #expect(failed.first?.status?.code == .error)
        var texts: [String] = []
        func collect(_ name: String, _ value: SpanAttribute) { texts.append("\(name) \(value)") }
        for span in tracer.finishedSpans {
            texts += span.errors.map { "\($0.error)" }
            span.attributes.forEach(collect)
        }
        #expect(!texts.joined().contains("s3cret"))
    }

    @Test func whatIsStoppedOnRequestIsNoFailure() async throws {
        let database = try await makeItems(25)
        let tracer = InMemoryTracer()
        let stopper = Stopper(after: 1)
        let group = ObserverGroup(TracingObserver(tracer: tracer), stopper)
        let report = try await Runner(database.connection, observer: group, stop: stopper.stop).migrate(
            .init(LabelItems())
        )
        #expect(report?.status == .cancelled)
        let spans = tracer.finishedSpans
        #expect(spans.allSatisfy { $0.errors.isEmpty && $0.status == nil })
        let stopped = spans.filter { $0.attributes.get("azu.stopped") == "the test" }
        #expect(stopped.map(\.operationName) == ["azu.slice"])
        #expect(spans.last?.attributes.get("azu.status") == "cancelled")
    }

    @Test func whatAMigrationTracesStandsInTheSpanOfItsBatch() async throws {
        let database = try await makeItems(10)
        let tracer = InMemoryTracer()
        let runner = Runner(database.connection, observer: TracingObserver(tracer: tracer))
        _ = try await runner.migrate(.init(TracedItems(tracer: tracer)))
        let own = try #require(tracer.finishedSpans.first { $0.operationName == "own" })
        let parent = tracer.finishedSpans.first { $0.spanID == own.parentSpanID }
        #expect(parent?.operationName == "azu.batch")
    }

    @Test func severalObserversStandAroundTheSameWork() async throws {
        let database = try await makeItems(10)
        let (outer, inner) = (InMemoryTracer(), InMemoryTracer())
        let group = ObserverGroup(TracingObserver(tracer: outer), SilentObserver(), TracingObserver(tracer: inner))
        _ = try await Runner(database.connection, observer: group).migrate(.init(LabelItems()))
        #expect(outer.finishedSpans.map(\.operationName) == inner.finishedSpans.map(\.operationName))
        #expect(outer.finishedSpans.contains { $0.operationName == "azu.batch" })
    }

    @Test func anObserverThatLeavesWorkOutFailsTheRun() async throws {
        let database = try await makeItems(10)
        await #expect(throws: MigrationError.self) {
            try await Runner(database.connection, observer: Idle()).migrate(.init(LabelItems()))
        }
        let left = try await database.query("SELECT count(*) FROM items WHERE label IS NULL").first?[0].integer
        #expect(left == 10)
        let executed = try await database.query("SELECT count(*) FROM data_migrations").first?[0].integer
        #expect(executed == 0)
    }

    private func rows(_ span: FinishedInMemorySpan, _ what: String) -> Int64? {
        if case .int64(let rows)? = span.attributes.get("azu.rows.\(what)") { rows } else { nil }
    }

    /// Does no batch, and says that there are no more rows.
    private struct Idle: ProgressObserver {
        func observe(_ event: ProgressEvent) {}

        func during(_ scope: RunScope, _ work: () async throws -> RunOutcome) async throws -> RunOutcome {
            if case .batch = scope { return .batch(nil) }
            return try await work()
        }
    }

    /// Makes a span of its own in each batch.
    private struct TracedItems: BatchMigration {
        let tracer: InMemoryTracer
        var rows: Query<Item> { Item.where("label IS NULL") }

        init() { tracer = InMemoryTracer() }
        init(tracer: InMemoryTracer) { self.tracer = tracer }

        func process(_ items: [Item], _ batch: Batch) async throws {
            try await tracer.withSpan("own") { _ in
                for var item in items {
                    item.label = "x"
                    try await batch.update([item])
                }
            }
        }
    }
}
