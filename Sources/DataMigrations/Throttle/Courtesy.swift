import Foundation

/// Finds out how much a run may ask of a database beside others that are at work: as much as they don't feel.
///
/// Others judge a database by its slow answers, so those are counted: of a hundred answers, no more than five may take
/// longer than they may. Each slow one makes the run gentler by one step, and each other one makes it bolder by so much
/// less that the two are level when one in twenty-five is slow. (Stochastic approximation of a quantile: Robbins and
/// Monro, "A Stochastic Approximation Method".)
///
/// There are two ways to be gentle. Short batches come first: a commit of much that was written keeps the commits of
/// others waiting. Where those are felt, too, pauses between them follow.
///
///     batches of 500 ms … 5 ms │ 5 ms and pauses … 50 times as long as the batch
///     level −4.6 ────────────── 0 ──────────────────────────────────── 4
struct Courtesy: Sendable {
    /// The share of slow answers where the level stays as it is.
    static let slowShare = 0.04
    /// How far one answer takes the level.
    static let step = 0.5
    /// The shortest batches.
    static let shortest = Duration.milliseconds(5)
    /// From batches that are as long as those of a run without neighbours, to pauses that leave them nearly all.
    static let levels = log(shortest / BatchSizer.aim)...4
    /// Where a run begins: it must not find out what others bear by what they don't.
    static let start = 2.0

    /// How gentle the run is.
    private(set) var level = start
    /// How many of the last hundred answers or so were slow.
    private(set) var slow = 0.0

    /// Takes an answer.
    mutating func take(isSlow: Bool) {
        let change = Self.step * ((isSlow ? 1 : 0) - Self.slowShare)
        level = min(Self.levels.upperBound, max(Self.levels.lowerBound, level + change))
        slow += ((isSlow ? 1 : 0) - slow) / 100
    }

    /// How long a batch should take.
    var aim: Duration { Self.shortest * exp(-min(0, level)) }

    /// How long to pause behind a batch.
    func pause(after batch: Duration) -> Duration { batch * (exp(max(0, level)) - 1) }
}
