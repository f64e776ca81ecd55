import Testing

@testable import DataMigrations

/// Runs against a clock that is moved by hand.
@Suite struct PaceTests {
    /// Takes batches that last for some time each, and returns when the last one may be followed by another.
    private func run(_ batches: [Int], lasting: Duration, perSecond rate: Double) -> Duration {
        var pace = Pace()
        var now = Duration.zero
        for rows in batches {
            now += pace.wait(at: now)
            pace.use(rows: rows, perSecond: rate, at: now)
            now += lasting
        }
        return now + pace.wait(at: now)
    }

    @Test(arguments: [[1], [50], [7, 300, 1, 90], [1_000]]) func theRateIsKeptWhateverTheBatches(_ sizes: [Int]) {
        let batches = Array(repeating: sizes, count: 50).flatMap { $0 }
        let seconds = run(batches, lasting: .zero, perSecond: 100) / .seconds(1)
        let wanted = Double(batches.reduce(0, +)) / 100
        #expect(abs(seconds - wanted) < 0.001 * wanted)
    }

    @Test func theTimeThatBatchesTakeIsPartOfTheirTime() {
        let batches = Array(repeating: 50, count: 20)
        // Each has half a second, of which it needs three tenths.
        let seconds = run(batches, lasting: .milliseconds(300), perSecond: 100) / .seconds(1)
        #expect(abs(seconds - 10) < 0.001)
        // Slower than that it may be.
        #expect(run(batches, lasting: .milliseconds(900), perSecond: 100) == .seconds(18))
    }

    @Test func timeThatNobodyUsedIsNotMadeUpFor() {
        var pace = Pace()
        pace.use(rows: 100, perSecond: 100, at: .zero)
        #expect(pace.wait(at: .zero) == .seconds(1))
        #expect(pace.wait(at: .seconds(1)) == .zero)
        pace.use(rows: 100, perSecond: 100, at: .seconds(60))
        #expect(pace.wait(at: .seconds(60)) == .seconds(1))
    }

    @Test func workersShareIt() {
        var pace = Pace()
        pace.use(rows: 100, perSecond: 100, at: .zero)
        pace.use(rows: 100, perSecond: 100, at: .zero)
        #expect(pace.wait(at: .zero) == .seconds(2))
    }

    @Test(arguments: [(0.01, 1), (1, 1), (2, 1), (100, 50), (1e12, 1_000_000_000)])
    func aBatchTakesTheRowsOfHalfASecond(rate: Double, rows: Int) {
        #expect(Pace.mostRows(perSecond: rate) == rows)
    }
}
