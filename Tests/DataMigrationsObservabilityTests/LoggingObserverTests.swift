import DataMigrations
import DataMigrationsObservability
import DataMigrationsTesting
import Logging
import Synchronization
import Testing

@Suite struct LoggingObserverTests {
    /// Lines in memory.
    private final class Lines: Sendable {
        struct Line: Sendable {
            var level: Logger.Level
            var text: String
            var metadata: Logger.Metadata
        }

        private let lines = Mutex<[Line]>([])
        var all: [Line] { lines.withLock { $0 } }
        func add(_ line: Line) { lines.withLock { $0.append(line) } }

        func logger(_ level: Logger.Level) -> Logger {
            Logger(label: "test") { _ in Handler(lines: self, logLevel: level) }
        }
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var logLevel: Logger.Level
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.add(.init(level: event.level, text: "\(event.message)", metadata: event.metadata ?? [:]))
        }
    }

    private func run(_ migration: LabelItems, rows: Int, at level: Logger.Level) async throws -> [Lines.Line] {
        let database = try await makeItems(rows)
        let lines = Lines()
        let runner = Runner(database.connection, observer: LoggingObserver(lines.logger(level)))
        do {
            _ = try await runner.migrate(.init(migration))
        } catch is MigrationError {}
        return lines.all
    }

    @Test func eachLineSaysWhichRunItIsAbout() async throws {
        let lines = try await run(LabelItems(), rows: 25, at: .debug)
        #expect(
            lines.map(\.text) == [
                "running", "reading", "batch", "batch", "batch", "looking for rows that came up meanwhile", "succeeded",
            ]
        )
        for line in lines {
            #expect(line.metadata["version"] == "20240101000001")
            #expect(line.metadata["name"] == "label_items")
            #expect(line.metadata["direction"] == "up")
        }
        let batches = lines.filter { $0.text == "batch" }
        #expect(batches.map { $0.metadata["batch"] } == ["1", "2", "3"])
        #expect(batches.map { $0.metadata["rows"] } == ["10", "10", "5"])
        #expect(lines.last?.metadata["written"] == "25")
    }

    @Test func atTheUsualLevelARunIsTwoLines() async throws {
        let lines = try await run(LabelItems(), rows: 25, at: .info)
        #expect(lines.map(\.text) == ["running", "succeeded"])
    }

    @Test func whatIsNotWellIsAWarningAndAFailureAnError() async throws {
        let aside = try await run(LabelItems(bad: [3]), rows: 15, at: .warning)
        #expect(aside.map(\.text) == ["rows were put aside", "quarantined"])
        #expect(aside.first?.metadata["quarantined"] == "1")
        let failed = try await run(LabelItems(isVerified: false), rows: 5, at: .warning)
        #expect(failed.map(\.level) == [.error])
        #expect(failed.first?.metadata["status"] == "failed")
    }

    @Test func noLineHoldsAValueOfARow() async throws {
        let lines = try await run(LabelItems(bad: [3]), rows: 15, at: .trace)
        let text = lines.map { "\($0.text) \($0.metadata)" }.joined()
        #expect(!text.contains("s3cret"))
    }
}
