import DataMigrations
import DataMigrationsTesting
import Synchronization
import Testing

@Suite struct RowSourceTests {
    /// A service that hands out numbers in pages.
    struct Numbers: RowSource {
        typealias Row = Int
        var count: Int
        /// Where reading began, each time.
        let starts: Starts
        var failsAt: Int?

        func rows(after cursor: String?) -> AsyncThrowingStream<SourceRow<Int>, any Error> {
            let start = cursor.flatMap { Int($0) } ?? 0
            starts.note(start)
            return AsyncThrowingStream { continuation in
                for number in (start + 1)...(count + 1) {
                    if number == failsAt { return continuation.finish(throwing: Unavailable()) }
                    if number > count { return continuation.finish() }
                    continuation.yield(SourceRow(number, cursor: "\(number)"))
                }
            }
        }
    }

    final class Starts: Sendable {
        private let values = Mutex<[Int]>([])
        func note(_ start: Int) { values.withLock { $0.append(start) } }
        var all: [Int] { values.withLock { $0 } }
    }

    struct Unavailable: Error, CustomStringConvertible {
        var description: String { "the service is not available" }
    }

    struct Import: BatchMigration {
        var source: Numbers
        init() { source = Numbers(count: 0, starts: Starts()) }
        init(_ source: Numbers) { self.source = source }
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
        var rows: Numbers { source }

        struct Entry: Model {
            static let table = "entries"
            var id: Int64?
            var number: Int
        }

        func process(_ rows: [Int], _ batch: Batch) async throws {
            try await batch.insert(rows.map { Entry(number: $0) })
        }
    }

    @Test func theCursorIsSavedWithTheBatchAndHandedBackOnResume() async throws {
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE entries (id INTEGER PRIMARY KEY, number INTEGER)")
        let starts = Starts()
        let stop = StopSignal()
        let migration = entry(Import(Numbers(count: 95, starts: starts)))
        let first = try await database.runner(observer: Recorder(stop: stop, after: 3), stop: stop).migrate(migration)
        #expect(first?.status == .cancelled)
        #expect(try await database.number("SELECT count(*) FROM entries") == 30)
        #expect(try await database.runner().migrate(migration)?.status == .succeeded)
        #expect(starts.all == [0, 30])
        let left = try await database.texts("SELECT count(*), count(DISTINCT number), max(number) FROM entries")
        #expect(left == [["95", "95", "95"]])
    }

    @Test func aSourceThatFailsLeavesARunThatCanBeResumed() async throws {
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE entries (id INTEGER PRIMARY KEY, number INTEGER)")
        let starts = Starts()
        let error = await #expect(throws: MigrationError.self) {
            try await database.runner().migrate(entry(Import(Numbers(count: 95, starts: starts, failsAt: 47))))
        }
        #expect(error?.description.contains("the service is not available") == true)
        #expect(try await database.number("SELECT count(*) FROM entries") == 40)
        _ = try await database.runner().migrate(entry(Import(Numbers(count: 95, starts: starts))))
        #expect(try await database.number("SELECT count(DISTINCT number) FROM entries") == 95)
        #expect(try await database.number("SELECT count(*) FROM entries") == 95)
    }

    @Test func aSourceThatIsBusyForAMomentIsReadOnBehindWhatWasRead() async throws {
        struct Busy: RowSource {
            typealias Row = Int
            let starts: Starts

            func rows(after cursor: String?) -> AsyncThrowingStream<SourceRow<Int>, any Error> {
                let start = cursor.flatMap { Int($0) } ?? 0
                let isFirst = starts.all.isEmpty
                starts.note(start)
                return AsyncThrowingStream { continuation in
                    for number in start + 1...300 {
                        if isFirst, number == 150 {
                            return continuation.finish(throwing: DatabaseError(.busy, "busy"))
                        }
                        continuation.yield(SourceRow(number, cursor: "\(number)"))
                    }
                    continuation.finish()
                }
            }
        }
        struct ImportBusy: BatchMigration {
            var starts = Starts()
            var options: MigrationOptions { MigrationOptions(batchSize: .fixed(100)) }
            var rows: Busy { Busy(starts: starts) }
            func process(_ rows: [Int], _ batch: Batch) async throws {
                try await batch.insert(rows.map { Import.Entry(number: $0) })
            }
        }
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE entries (id INTEGER PRIMARY KEY, number INTEGER)")
        #expect(try await database.run(ImportBusy()).status == .succeeded)
        let left = try await database.texts("SELECT count(*), count(DISTINCT number) FROM entries")
        #expect(left == [["300", "300"]])
    }
}
