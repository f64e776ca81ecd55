import Testing

@testable import DataMigrations

@Suite struct ThrottleTests {
    private func reading(_ used: Double, _ signal: String = "lag") -> Throttle.Reading {
        Throttle.Reading(signal: signal, load: Load(utilisation: used, reason: "\(signal) at \(used)"))
    }

    private func throttle(_ readings: [Double]) -> Throttle {
        var throttle = Throttle()
        for used in readings { throttle.take([reading(used)]) }
        return throttle
    }

    private struct Denied: Error, CustomStringConvertible {
        var description: String { "permission denied\nfor a view" }
    }

    @Test func belowThreeQuartersNothingIsHeldBack() {
        #expect(throttle([]).state == nil)
        #expect(throttle([0]).state == nil)
        #expect(throttle([0.74]).state == nil)
        #expect(throttle([0.74]).pause(after: .seconds(1)) == .zero)
    }

    @Test(arguments: [(0.75, 0.0), (0.8125, 0.5), (0.875, 1), (0.9375, 1.5)])
    func betweenThemAPauseFollowsThatIsUpToTwiceAsLongAsTheBatch(used: Double, share: Double) {
        let throttle = throttle([used])
        #expect(throttle.state?.isWaiting == false)
        let pause = throttle.pause(after: .seconds(4)) / .seconds(4)
        #expect(abs(pause - share) < 0.001)
        #expect(throttle.pause(after: .zero) == .zero)
    }

    @Test func atTheLimitItWaitsUntilTheSignalIsATenthBelow() {
        #expect(throttle([1]).state?.isWaiting == true)
        #expect(throttle([0.99]).state?.isWaiting == false)
        #expect(throttle([1, 0.99, 0.9]).state?.isWaiting == true)
        #expect(throttle([1, 0.89]).state?.isWaiting == false)
        #expect(throttle([1, 0.89, 0.95]).state?.isWaiting == false)
        #expect(throttle([1, 0.1]).state == nil)
        // Whoever waits begins no batch that a pause could follow.
        #expect(throttle([7]).pause(after: .seconds(1)) == .zero)
    }

    @Test func theSignalNearestToItsLimitDecides() {
        var throttle = Throttle()
        throttle.take([reading(0.2, "lag"), reading(1.2, "locks"), reading(0.8, "vacuum")])
        #expect(throttle.state?.signal == "locks")
        #expect(throttle.state?.reason == "locks at 1.2")
        #expect(throttle.state?.utilisation == 1.2)
        throttle.take([reading(0.2, "lag"), reading(0.1, "locks"), reading(0.8, "vacuum")])
        #expect(throttle.state?.signal == "vacuum")
        #expect(throttle.state?.isWaiting == false)
        throttle.take([])
        #expect(throttle.state == nil)
    }

    @Test func aSignalThatCannotBeReadSlowsDownAndStopsNothing() {
        var throttle = throttle([1])
        throttle.take([Throttle.unreadable("lag", Denied())])
        #expect(throttle.state?.isWaiting == false)
        #expect(throttle.state?.reason == "lag can't be read: permission denied for a view")
        #expect(throttle.pause(after: .seconds(1)) > .seconds(1))
        throttle.take([Throttle.unreadable("lag", Denied()), reading(1.5, "locks")])
        #expect(throttle.state?.isWaiting == true)
        #expect(throttle.state?.signal == "locks")
    }
}
