import Testing

@testable import DataMigrations

/// Others on a simulated server feel no more of a run than they may, and the run gets what they leave.
@Suite struct CourtesyTests {
    /// A server: an answer that comes while a batch is under way is slow at times, and the more often the longer batches
    /// are; few of the others are.
    private struct Server {
        var dice: SplitMix
        /// How many answers beside a batch of 5 ms are slow.
        var felt: Double

        mutating func isSlow(_ courtesy: Courtesy) -> Bool {
            let batch = Duration.milliseconds(5)
            let share = batch / (batch + courtesy.pause(after: batch))
            let beside = min(1, felt * (courtesy.aim / Courtesy.shortest))
            return Double.random(in: 0..<1, using: &dice)
                < (Double.random(in: 0..<1, using: &dice) < share ? beside : 0.01)
        }
    }

    /// What came of so many answers, once the run has found its way.
    private func run(_ server: inout Server, _ courtesy: inout Courtesy, answers: Int) -> (slow: Double, work: Double) {
        var (slow, work) = (0, 0.0)
        for _ in 0..<answers {
            let isSlow = server.isSlow(courtesy)
            if isSlow { slow += 1 }
            courtesy.take(isSlow: isSlow)
            work += 1 / (1 + courtesy.pause(after: .seconds(1)) / .seconds(1))
        }
        return (Double(slow) / Double(answers), work / Double(answers))
    }

    @Test(arguments: [1, 0.5, 0.2, 0.05, 0.01]) func fiveOfAHundredAnswersAreSlowAtMost(felt: Double) {
        for seed: UInt64 in 1...20 {
            var (server, courtesy) = (Server(dice: SplitMix(state: seed), felt: felt), Courtesy())
            _ = run(&server, &courtesy, answers: 500)
            let slow = run(&server, &courtesy, answers: 5_000).slow
            #expect(slow <= 0.05, "seed \(seed)")
        }
    }

    @Test func whoeverIsHardlyFeltWorksNearlyAllOfTheTimeAndInLongBatches() {
        var (server, courtesy) = (Server(dice: SplitMix(state: 1), felt: 0.000_1), Courtesy())
        _ = run(&server, &courtesy, answers: 500)
        let work = run(&server, &courtesy, answers: 2_000).work
        #expect(work > 0.9)
        #expect(courtesy.aim > .milliseconds(100))
        #expect(courtesy.aim <= BatchSizer.aim)
    }

    @Test func whoeverIsAlwaysFeltStillGetsOn() {
        var courtesy = Courtesy()
        for _ in 0..<1_000 { courtesy.take(isSlow: true) }
        #expect(courtesy.aim == Courtesy.shortest)
        let pause = courtesy.pause(after: .milliseconds(5))
        #expect(pause > .milliseconds(200) && pause < .milliseconds(300))
        #expect(courtesy.slow > 0.99)
    }

    @Test func itBeginsGentlyAndOneSlowAnswerWeighsAsMuchAsMany() {
        var courtesy = Courtesy()
        #expect(courtesy.aim == Courtesy.shortest)
        #expect(courtesy.pause(after: .milliseconds(5)) > .milliseconds(25))
        let level = courtesy.level
        courtesy.take(isSlow: true)
        for _ in 0..<24 { courtesy.take(isSlow: false) }
        #expect(abs(courtesy.level - level) < 1e-9)
    }
}

/// What others are used to.
@Suite struct AnswerTimesTests {
    private func times(_ milliseconds: [Int]) -> AnswerTimes {
        var times = AnswerTimes()
        for time in milliseconds { times.take(.milliseconds(time)) }
        return times
    }

    private let together = AnswerTimes.together

    @Test func nothingIsSaidOfAFewAnswers() {
        let needed = AnswerTimes.needed * together
        #expect(times(Array(repeating: 4, count: needed - 1)).limit(growth: 0.25) == nil)
        #expect(times(Array(repeating: 4, count: needed)).limit(growth: 0.25) == .milliseconds(5))
    }

    @Test func theUsualTimeIsNearThatOf95InAHundred() throws {
        var dice = SplitMix(state: 7)
        for _ in 1...20 {
            let usual = try #require(times((1...210).map { _ in Int.random(in: 1...100, using: &dice) }).usual)
            #expect(usual >= .milliseconds(85) && usual <= .milliseconds(100))
        }
    }

    @Test func aSpellInWhichTheDiskIsSlowIsNobodysMeasure() {
        let spell = Array(repeating: 900, count: 3 * together)
        #expect(times(Array(repeating: 2, count: 4 * together) + spell).usual == .milliseconds(2))
        #expect(times(spell + Array(repeating: 2, count: 4 * together)).usual == .milliseconds(2))
    }

    @Test func onlyTheLastAnswersCount() {
        let remembered = AnswerTimes.remembered * together
        let times = times(Array(repeating: 50, count: remembered) + Array(repeating: 3, count: remembered))
        #expect(times.usual == .milliseconds(3))
    }

    @Test func whatNobodyFeelsIsAllowed() {
        // A quarter of 0.4 ms is nothing.
        var times = AnswerTimes()
        for _ in 0..<100 { times.take(.microseconds(400)) }
        #expect(times.limit(growth: 0.25) == .microseconds(900))
    }
}
