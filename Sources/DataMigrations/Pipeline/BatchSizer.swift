import Synchronization

/// The sizer of a worker: what it has learnt in one part of a table holds in the next.
final class SharedSizer: Sendable {
    private let sizer: Mutex<BatchSizer>

    init(_ size: MigrationOptions.BatchSize) { sizer = Mutex(BatchSizer(size)) }

    var rows: Int { sizer.withLock { $0.rows } }

    func record(rows: Int, took duration: Duration) { sizer.withLock { $0.record(rows: rows, took: duration) } }
}

/// How many rows the next batch takes, going by how long transactions take.
///
/// It starts small, looks at the 90th percentile of the last ten transactions, and aims at half a second each: growing
/// by half at most, shrinking to a tenth at once where a transaction took five times the aim.
struct BatchSizer: Sendable {
    /// How long a transaction should take.
    static let aim = Duration.milliseconds(500)

    private(set) var rows: Int
    private let range: ClosedRange<Int>
    /// Seconds a row of the last transactions.
    private var recent: [Double] = []

    init(_ size: MigrationOptions.BatchSize) {
        switch size {
        case .fixed(let rows):
            self.rows = max(1, rows)
            range = max(1, rows)...max(1, rows)
        case .adaptive(let most):
            rows = min(1_000, max(1, most))
            range = 1...max(1, most)
        }
    }

    /// Takes the time of a transaction.
    mutating func record(rows count: Int, took duration: Duration) {
        guard count > 0 else { return }
        let seconds = duration / .seconds(1)
        if seconds > 5 * (Self.aim / .seconds(1)) {
            recent = []
            rows = clamp(Double(rows) / 10)
            return
        }
        recent.append(seconds / Double(count))
        if recent.count > 10 { recent.removeFirst() }
        let slow = recent.sorted()[Int(Double(recent.count - 1) * 0.9)]
        guard slow > 0 else { return }
        rows = clamp(min(Double(rows) * 1.5, (Self.aim / .seconds(1)) / slow))
    }

    private func clamp(_ rows: Double) -> Int {
        min(range.upperBound, max(range.lowerBound, Int(min(rows, Double(range.upperBound)))))
    }
}
