/// A server that takes a fixed time for a transaction, and a time for each row of it, more or less.
struct SimulatedServer: Sendable {
    /// Seconds that a transaction takes by itself.
    var fixed: Double
    /// Seconds that a row takes.
    var perRow: Double
    /// How many times slower than usual it is.
    var slowness = 1.0
    /// How many transactions are slower because nothing is in memory yet.
    private var coldBatches = 5
    private var random: SplitMix

    init(fixed: Double, perRow: Double, seed: UInt64) {
        (self.fixed, self.perRow) = (fixed, perRow)
        random = SplitMix(state: seed)
    }

    /// How long a transaction takes.
    mutating func run(rows: Int) -> Duration {
        let cold = coldBatches > 0 ? 3.0 : 1
        coldBatches -= 1
        let noise = Double.random(in: 0.8...1.2, using: &random)
        return .seconds((fixed + perRow * Double(rows)) * cold * slowness * noise)
    }

    /// Rows a second, at the usual speed.
    func rate(rows: Int) -> Double { Double(rows) / (fixed + perRow * Double(rows)) }

    /// Rows a second where a transaction takes as long as it should, or has as many rows as it may.
    func bestRate(aim: Double, most: Int) -> Double { rate(rows: min(most, Int((aim - fixed) / perRow))) }
}
