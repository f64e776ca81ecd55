import Testing

@testable import DataMigrations

@Suite struct BatchSizerTests {
    /// Feeds a sizer with a server that takes `seconds` for a row, `batches` times.
    private func feed(_ sizer: inout BatchSizer, secondsPerRow: Double, batches: Int) {
        for _ in 0..<batches {
            let rows = sizer.rows
            sizer.record(rows: rows, took: .seconds(secondsPerRow * Double(rows)))
        }
    }

    @Test func itStartsAtAThousandRowsAndGrowsByHalfAtMost() {
        var sizer = BatchSizer(.adaptive(max: 1_000_000))
        #expect(sizer.rows == 1_000)
        feed(&sizer, secondsPerRow: 0.000_001, batches: 1)
        #expect(sizer.rows == 1_500)
        feed(&sizer, secondsPerRow: 0.000_001, batches: 1)
        #expect(sizer.rows == 2_250)
    }

    @Test func itSettlesWhereATransactionTakesHalfASecond() {
        var sizer = BatchSizer(.adaptive(max: 1_000_000))
        feed(&sizer, secondsPerRow: 0.000_05, batches: 30)
        #expect((9_000...11_000).contains(sizer.rows))
    }

    @Test func itShrinksToATenthAtOnceWhereATransactionTakesFiveTimesTheAim() {
        var sizer = BatchSizer(.adaptive(max: 10_000))
        feed(&sizer, secondsPerRow: 0.000_001, batches: 10)
        #expect(sizer.rows == 10_000)
        sizer.record(rows: 10_000, took: .seconds(3))
        #expect(sizer.rows == 1_000)
    }

    @Test func itStaysWithinItsLimits() {
        var sizer = BatchSizer(.adaptive(max: 4_000))
        feed(&sizer, secondsPerRow: 0.000_000_1, batches: 50)
        #expect(sizer.rows == 4_000)
        feed(&sizer, secondsPerRow: 100, batches: 50)
        #expect(sizer.rows == 1)
        var fixed = BatchSizer(.fixed(77))
        feed(&fixed, secondsPerRow: 10, batches: 5)
        #expect(fixed.rows == 77)
    }

    @Test func oneSlowBatchInAHundredDoesNotMoveIt() {
        var sizer = BatchSizer(.adaptive(max: 1_000_000))
        feed(&sizer, secondsPerRow: 0.000_05, batches: 30)
        let settled = sizer.rows
        sizer.record(rows: settled, took: .seconds(1))
        #expect(Double(sizer.rows) > Double(settled) * 0.9)
    }
}

/// Others are at work, and want transactions that are short.
@Suite struct ShortBatchTests {
    /// A sizer that has settled on a server which takes 0.05 ms a row and so much for each transaction.
    private func settled(fixed: Double = 0, at aim: Duration) -> BatchSizer {
        var sizer = BatchSizer(.adaptive(max: 1_000_000))
        sizer.aim(at: aim)
        for _ in 0..<60 {
            sizer.record(rows: sizer.rows, took: .seconds(fixed + 0.000_05 * Double(sizer.rows)))
        }
        return sizer
    }

    @Test func batchesAreAsShortAsIsWanted() {
        #expect((900...1_100).contains(settled(at: .milliseconds(50)).rows))
        #expect((190...210).contains(settled(at: .milliseconds(10)).rows))
    }

    @Test func theVeryNextBatchIsShort() {
        var sizer = settled(at: BatchSizer.aim)
        #expect(sizer.rows > 9_000)
        sizer.aim(at: .milliseconds(10))
        #expect((190...210).contains(sizer.rows))
        // It grows as always, once nobody wants it any more.
        sizer.aim(at: BatchSizer.aim)
        #expect((190...210).contains(sizer.rows))
        sizer.record(rows: sizer.rows, took: .milliseconds(10))
        #expect((280...320).contains(sizer.rows))
    }

    @Test func aTransactionThatTakesLongerByItselfStillDoesAHundredRows() {
        #expect(settled(fixed: 0.04, at: .milliseconds(5)).rows == 100)
    }

    @Test func rowsThatTakeLongComeAsFewAsEver() {
        var sizer = BatchSizer(.adaptive(max: 10_000))
        sizer.aim(at: .milliseconds(5))
        for _ in 0..<60 { sizer.record(rows: sizer.rows, took: .seconds(0.1 * Double(sizer.rows))) }
        #expect(sizer.rows == 5)
    }

    @Test func aFixedSizeIsLeftAlone() {
        var sizer = BatchSizer(.fixed(500))
        sizer.aim(at: .milliseconds(5))
        sizer.record(rows: 500, took: .seconds(1))
        #expect(sizer.rows == 500)
    }
}
