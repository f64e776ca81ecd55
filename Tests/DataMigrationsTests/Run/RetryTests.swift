import Database
import Synchronization
import Testing

@testable import DataMigrations

@Suite struct RetryTests {
    /// Fails so many times, each time with the next of some codes, then succeeds.
    private final class Body: Sendable {
        private let state: Mutex<(codes: [DatabaseError.Code], attempts: Int)>
        init(_ codes: [DatabaseError.Code]) { state = Mutex((codes, 0)) }
        var attempts: Int { state.withLock { $0.attempts } }

        func run() throws -> String {
            let code = state.withLock { state -> DatabaseError.Code? in
                state.attempts += 1
                return state.codes.isEmpty ? nil : state.codes.removeFirst()
            }
            if let code { throw DatabaseError(code, "it is \(code)") }
            return "done"
        }
    }

    private func quick(limit: Duration = .seconds(60), timeouts: Int = 6) -> RetryPolicy {
        RetryPolicy(delay: .milliseconds(1), longestDelay: .milliseconds(2), limit: limit, timeouts: timeouts)
    }

    @Test func thePausesDoubleUpToTheLongestAndVaryByHalf() throws {
        let policy = RetryPolicy(delay: .milliseconds(100), longestDelay: .seconds(1))
        for (attempt, longest) in [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1_000), (60, 1_000)] {
            for _ in 0..<50 {
                let pause = try #require(policy.pause(after: .busy, attempt: attempt, elapsed: .zero))
                #expect(
                    pause >= Duration.milliseconds(longest / 2) && pause <= Duration.milliseconds(longest),
                    "\(attempt)"
                )
            }
        }
        let first = try #require(policy.pause(after: .conflict, attempt: 1, elapsed: .zero))
        #expect(first <= .milliseconds(10), "whoever was in the way of a deadlock is through")
    }

    @Test func theyEndWithTheTimeAndForTimeoutsWithTheirNumber() {
        let policy = RetryPolicy(limit: .seconds(10), timeouts: 3)
        for code in [DatabaseError.Code.busy, .conflict, .connectionLost, .timedOut] {
            #expect(policy.pause(after: code, attempt: 1, elapsed: .seconds(9)) != nil)
            #expect(policy.pause(after: code, attempt: 1, elapsed: .seconds(10)) == nil)
        }
        #expect(policy.pause(after: .busy, attempt: 100, elapsed: .zero) != nil)
        #expect(policy.pause(after: .timedOut, attempt: 3, elapsed: .zero) != nil)
        #expect(policy.pause(after: .timedOut, attempt: 4, elapsed: .zero) == nil)
        #expect(RetryPolicy.none.pause(after: .conflict, attempt: 1, elapsed: .zero) == nil)
    }

    @Test func whatPassesIsTriedUntilItSucceedsAndWhatDoesNotIsNot() async throws {
        let body = Body([.busy, .conflict, .connectionLost, .overloaded])
        #expect(try await Retry(policy: quick()).run { try body.run() } == "done")
        #expect(body.attempts == 5)
        let fatal = Body([.syntax])
        await #expect(throws: DatabaseError.self) { try await Retry(policy: quick()).run { try fatal.run() } }
        #expect(fatal.attempts == 1)
    }

    @Test func onceItIsGivenUpTheErrorTellsHowOftenAndIsFatal() async throws {
        let body = Body(Array(repeating: .timedOut, count: 9))
        let error = await #expect(throws: DatabaseError.self) {
            try await Retry(policy: quick(timeouts: 2)).run { try body.run() }
        }
        #expect(error?.code == .timedOut)
        #expect(error?.kind == .fatal)
        #expect(error?.message.hasPrefix("it is timedOut (tried 3 times") == true)
        #expect(body.attempts == 3)
        let once = Body([.busy])
        let plain = await #expect(throws: DatabaseError.self) { try await Retry(policy: .none).run { try once.run() } }
        #expect(plain?.message == "it is busy")
        #expect(plain?.kind == .fatal)
    }

    @Test func whoWaitedForLocksHasAllAttemptsWithFewerRows() async throws {
        let body = Body(Array(repeating: .busy, count: 10) + [.timedOut, .timedOut])
        #expect(try await Retry(policy: quick(timeouts: 2)).run { try body.run() } == "done")
    }

    @Test func whatGetsOnBeginsItsCountAnew() async throws {
        let body = Body(Array(repeating: .timedOut, count: 9))
        let result = try await Retry(policy: quick(timeouts: 1)).run(progress: { body.attempts }) { try body.run() }
        #expect(result == "done")
        #expect(body.attempts == 10)
    }

    @Test func theTimeEndsIt() async throws {
        let body = Body(Array(repeating: .busy, count: 10_000))
        await #expect(throws: DatabaseError.self) {
            try await Retry(policy: quick(limit: .milliseconds(50))).run { try body.run() }
        }
        #expect(body.attempts > 1 && body.attempts < 200)
    }

    /// Asks for a stop as soon as something is to be tried again.
    private struct Stopper: ProgressObserver {
        let stop: StopSignal
        func observe(_ event: ProgressEvent) { if case .retrying = event { stop.request("SIGTERM") } }
    }

    @Test func whoStopsNeedNotWaitForTheNextAttempt() async throws {
        let stop = StopSignal()
        let body = Body([.busy, .busy])
        let policy = RetryPolicy(delay: .seconds(3_600), longestDelay: .seconds(3_600), limit: .seconds(9_999))
        let retry = Retry(policy: policy, observer: Stopper(stop: stop), stop: stop)
        let error = await #expect(throws: RunStopped.self) { try await retry.run { try body.run() } }
        #expect(error?.reason == "SIGTERM")
        #expect(body.attempts == 1)
    }

    @Test func whatMendsAFailureIsTriedAgainToo() async throws {
        let body = Body([.connectionLost])
        let mending = Body([.connectionLost, .busy])
        let result = try await Retry(policy: quick()).run(failed: { _ in _ = try mending.run() }) { try body.run() }
        #expect(result == "done")
        #expect(mending.attempts == 3)
        #expect(body.attempts == 2)
    }
}
