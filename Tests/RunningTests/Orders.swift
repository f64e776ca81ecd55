import DataMigrations
import Database
import Foundation
import Synchronization
import TestSupport

/// A row of the table that these tests work on.
struct Order: Model {
    var id: Int64
    var createdAt: Date
    var mark: String?
}

/// The table of orders.
enum Orders {
    /// Makes orders 1 to `count`, one a day; the first fifty are from before 2024.
    static func make(_ count: Int, in connection: any DatabaseConnection) async throws {
        let date = connection.isSQLite ? "TEXT" : "timestamptz"
        try await connection.execute(
            "CREATE TABLE orders (id BIGINT NOT NULL PRIMARY KEY, created_at \(raw: date) NOT NULL, mark TEXT)"
        )
        let start = Timestamp.parse("2024-01-01") ?? .distantPast
        let values = (1...count).flatMap { id -> [Value] in
            [.integer(Int64(id)), .date(start.addingTimeInterval(Double(id - 51) * 86_400)), .null]
        }
        let insert = BulkInsert(into: "orders", columns: ["id", "created_at", "mark"], values: values)
        try await connection.run([.insert(insert)])
    }
}

/// Marks the orders of before some day with a word.
struct MarkOrders: RowMigration {
    enum Word: String, CaseIterable, ParameterValue { case old, ancient }

    @Parameter("Orders of before this day are marked.") var cutoff: Date
    @Parameter var word = Word.old
    @Parameter var share: Double?

    var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
    var rows: Query<Order> { Order.where("created_at < \(cutoff) AND mark IS NULL") }

    func transform(_ order: inout Order) {
        order.mark = "\(word.rawValue) \(share ?? 0) \(Timestamp.format(cutoff))"
    }

    func verify(_ database: any DatabaseAccess) async throws {
        try await database.expect(none: Order.where("created_at < \(cutoff) AND mark IS NULL"))
    }
}

/// An entry of a plan as the plugin writes it: each run has a migration of its own.
func entry<M: DataMigration>(_ type: M.Type, version: String = "20240101120000") -> MigrationPlan.Entry {
    MigrationPlan.Entry(version: version, name: Naming.snakeCase(String(describing: M.self)), M.self)
}

/// Asks a run to stop after so many batches.
final class Stopping: ProgressObserver {
    let stop = StopSignal()
    private let batches: Counter
    private let limit: Int

    init(after limit: Int) {
        batches = Counter()
        self.limit = limit
    }

    func observe(_ event: ProgressEvent) {
        if case .batch = event, batches.next() == limit { stop.request("test") }
    }
}

/// Takes down what it is told, and may do something when a run has started.
final class Told: RunHooks {
    private let state = Mutex<[String]>([])
    private let started: @Sendable () async throws -> Void

    init(started: @escaping @Sendable () async throws -> Void = {}) { self.started = started }

    var lines: [String] { state.withLock { $0 } }

    private func add(_ line: String) { state.withLock { $0.append(line) } }

    func didStart(_ run: RunInfo) async throws {
        add("started \(run.direction.rawValue)\(run.isResumed ? " again" : "")")
        try await started()
    }
    func didFinish(_ run: RunReport) async throws { add("finished \(run.direction.rawValue) \(run.status.rawValue)") }
    func didFail(_ run: RunReport) async throws { add("failed \(run.direction.rawValue) \(run.status.rawValue)") }
    func didPause(_ run: RunReport) async throws { add("paused \(run.direction.rawValue) \(run.status.rawValue)") }
}
