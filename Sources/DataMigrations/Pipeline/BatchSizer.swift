import Database
import Synchronization

/// The sizer of a worker: what it has learnt in one part of a table holds in the next.
final class SharedSizer: Sendable {
    private struct State {
        var sizer: BatchSizer
        /// What the migration itself says.
        let usual: MigrationOptions.BatchSize
        /// What somebody has set while the run went on.
        var fixed: Int?
        /// How often others had to wait, as far as batches were made smaller for it.
        var easings = 0
    }
    private let state: Mutex<State>

    init(_ size: MigrationOptions.BatchSize) { state = Mutex(State(sizer: BatchSizer(size), usual: size)) }

    var rows: Int { state.withLock { $0.sizer.rows } }

    func record(rows: Int, took duration: Duration) { state.withLock { $0.sizer.record(rows: rows, took: duration) } }

    /// Makes batches smaller where a statement took too long.
    func shrink(after failure: DatabaseError) {
        if failure.code == .timedOut { state.withLock { $0.sizer.shrink(to: 0.25) } }
    }

    /// Makes batches smaller where others wait for them; `count` is how often it was asked for in all.
    func ease(_ count: Int) {
        state.withLock { state in
            if count > state.easings, !state.sizer.isFixed { state.sizer.shrink(to: 0.5) }
            state.easings = count
        }
    }

    /// Aims at transactions of another length from now on.
    func aim(at duration: Duration) { state.withLock { $0.sizer.aim(at: duration) } }

    /// Takes a fixed number of rows from now on; `nil` for what the migration itself says.
    func fix(_ rows: Int?) {
        state.withLock { state in
            guard state.fixed != rows else { return }
            state.fixed = rows
            state.sizer = BatchSizer(rows.map { .fixed($0) } ?? state.usual)
        }
    }
}

/// How many rows the next batch takes, going by how long transactions take.
///
/// It starts small, looks at the 90th percentile of the last ten transactions, and aims at half a second each: growing
/// by half at most. One that took more than twice the aim counts by itself, at once; one that took five times the aim
/// has batches shrink to a tenth. Two that were much faster than those before count by themselves.
///
/// With a shorter aim, a batch still has a hundred rows, unless those take half a second: what each transaction costs by
/// itself is not to be all that it does.
struct BatchSizer: Sendable {
    /// How long a transaction should take, unless somebody wants it shorter.
    static let aim = Duration.milliseconds(500)
    /// How many rows a batch has at least where somebody does.
    private static let floor = 100.0

    /// Seconds that a transaction should take.
    private var aim = Self.aim / .seconds(1)

    private(set) var rows: Int
    /// Whether the author has said how many rows a batch takes; then only what took too long has fewer.
    let isFixed: Bool
    private let range: ClosedRange<Int>
    /// Seconds a row of the last transactions.
    private var recent: [Double] = []

    init(_ size: MigrationOptions.BatchSize) {
        switch size {
        case .fixed(let rows):
            self.rows = max(1, rows)
            (isFixed, range) = (true, 1...max(1, rows))
        case .adaptive(let most):
            rows = min(1_000, max(1, most))
            (isFixed, range) = (false, 1...max(1, most))
        }
    }

    /// Takes the time of a transaction.
    mutating func record(rows count: Int, took duration: Duration) {
        guard count > 0 else { return }
        if isFixed {
            rows = clamp(Double(rows) * 2)
            return
        }
        let longest = Self.aim / .seconds(1)
        let seconds = duration / .seconds(1)
        if seconds > 5 * longest { return shrink(to: 0.1) }
        // What was learnt before holds no more.
        if seconds > 2 * longest { recent = [] }
        recent.append(seconds / Double(count))
        if recent.count > 10 { recent.removeFirst() }
        // Two in a row that are much faster: the cache is warm by now, or a slow spell over.
        if let last = recent.suffix(2).max(), last < 0.6 * slow { recent = Array(recent.suffix(2)) }
        guard slow > 0 else { return }
        // A batch with fewer rows than it could have says nothing of one with more.
        let most = Double(rows) * (count < rows ? 1 : 1.5)
        rows = clamp(min(most, wanted))
    }

    /// Aims at transactions of another length from now on.
    mutating func aim(at duration: Duration) {
        let wish = duration / .seconds(1)
        // With each batch the same is asked again.
        guard wish != aim else { return }
        aim = wish
        if !isFixed, !recent.isEmpty { rows = clamp(min(Double(rows), wanted)) }
    }

    /// How many rows the aim has room for.
    private var wanted: Double {
        let longest = Self.aim / .seconds(1)
        return max(aim / slow, min(Self.floor, longest / slow))
    }

    /// Makes batches smaller at once, and learns anew.
    mutating func shrink(to share: Double) {
        recent = []
        rows = clamp(Double(rows) * share)
    }

    /// What a row took at the 90th percentile.
    private var slow: Double { recent.sorted()[Int(Double(recent.count - 1) * 0.9)] }

    private func clamp(_ rows: Double) -> Int {
        min(range.upperBound, max(range.lowerBound, Int(min(rows, Double(range.upperBound)))))
    }
}
