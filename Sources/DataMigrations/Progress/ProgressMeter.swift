/// Rates and estimates out of the events of a run.
///
/// Knows no clock and no terminal: it is told what time it is.
public struct ProgressMeter: Sendable {
    /// How much there is to do in all, where that is known.
    public private(set) var total: SourceSize?
    /// What was done in all.
    public private(set) var counters = ChangeCounters()
    /// How many rows the last batch was meant to take.
    public private(set) var batchSize = 0
    private var position = 0
    private let start: Duration
    /// Marks of the last seconds, oldest first: when, how many rows, and how much of ``SourceSize`` was done.
    private var marks: [(time: Duration, rows: Int, done: Int)]
    /// The rate is that of the last ten seconds: recent enough to follow a change, long enough to stand still.
    private static let window = Duration.seconds(10)

    /// Starts to measure.
    public init(_ info: ReadingInfo, at time: Duration) {
        total = info.total
        counters = info.done
        position = info.position ?? 0
        start = time
        marks = [(time, info.done.visited, 0)]
        marks[0].done = done
    }

    /// Takes a batch.
    public mutating func add(_ batch: BatchProgress, at time: Duration) {
        counters += batch.counters
        batchSize = batch.size
        position = batch.position ?? position
        marks.append((time, counters.visited, done))
        while marks.count > 2, time - marks[1].time > Self.window { marks.removeFirst() }
    }

    /// How long it has been measuring.
    public func elapsed(at time: Duration) -> Duration { time - start }

    /// How much is done, from 0 to 1; `nil` where the whole is not known.
    public var fraction: Double? {
        switch total {
        case .rows(let rows): rows == 0 ? 1 : min(1, Double(counters.visited) / Double(rows))
        case .bytes(let bytes): bytes == 0 ? 1 : min(1, Double(position) / Double(bytes))
        case nil: nil
        }
    }

    /// Rows a second, over the last seconds.
    public var rowsPerSecond: Double { rate { $0.rows } }

    /// How long the rest may take, going by the last seconds; `nil` where that can't be said.
    public var remaining: Duration? {
        let whole: Int
        switch total {
        case .rows(let rows): whole = rows
        case .bytes(let bytes): whole = bytes
        case nil: return nil
        }
        let rate = rate { $0.done }
        return rate > 0 ? .seconds(Double(max(0, whole - done)) / rate) : nil
    }

    private var done: Int {
        if case .bytes = total { position } else { counters.visited }
    }

    private func rate(_ value: ((time: Duration, rows: Int, done: Int)) -> Int) -> Double {
        guard let first = marks.first, let last = marks.last, last.time > first.time else { return 0 }
        return Double(value(last) - value(first)) / ((last.time - first.time) / .seconds(1))
    }
}
