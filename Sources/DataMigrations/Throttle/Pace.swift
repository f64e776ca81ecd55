/// Spreads rows over time, so that they are no more than so many a second.
///
/// Rows that were taken push the time at which the next batch may begin; time that nobody used is not made up for.
struct Pace: Sendable {
    /// When the next batch may begin.
    private var next: Duration = .zero

    /// How long to wait before a batch begins.
    func wait(at now: Duration) -> Duration { max(.zero, next - now) }

    /// Takes note of rows that a batch has taken that began at some time: how long it took is part of their time.
    mutating func use(rows: Int, perSecond rate: Double, at begin: Duration) {
        next = max(next, begin) + .seconds(Double(rows) / rate)
    }

    /// How many rows a batch may take: those of half a second, lest it comes in bursts.
    static func mostRows(perSecond rate: Double) -> Int { max(1, Int(min(rate / 2, 1e9))) }
}
