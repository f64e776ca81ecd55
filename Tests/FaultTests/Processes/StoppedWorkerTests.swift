import Foundation
import TestSupport
import Testing

/// A process that is stopped for longer than its lease lasts does no harm when it goes on.
@Suite(.enabled(if: PostgresServer.isThere), .serialized)
struct StoppedWorkerTests {
    /// Longer than a transaction may do nothing, see ``SharedRun/start(_:lease:environment:)``.
    private static let lease = Duration.seconds(2)

    @Test(.timeLimit(.minutes(10)), arguments: [2, 4], [true, false])
    func aWorkerThatSleptThroughTheEndOfItsLeaseWritesNothingAnyMore(_ count: Int, isLeader: Bool) async throws {
        try await SharedRun.with { run in
            var processes = [try run.start("0", lease: Self.lease)]
            defer { run.end(processes) }
            try await run.waitForPart(processes[0])
            for number in 1..<count { processes.append(try run.start("\(number)", lease: Self.lease)) }
            let number = isLeader ? 0 : 1
            let sleeper = processes[number]
            try await run.stop(sleeper, "\(number)")

            // The others wait for its lease to end, take its part over, and lead the run if it did.
            for process in processes where process !== sleeper {
                #expect(await Child.end(of: process) == .exited(0))
            }
            try #require(sleeper.isRunning)
            #expect(try await run.outcome() == SharedRun.Outcome(), "before it goes on")

            kill(sleeper.processIdentifier, SIGCONT)
            #expect(await Child.end(of: sleeper) == Child.superseded)
            let outcome = try await run.outcome()
            #expect(outcome == SharedRun.Outcome(), "after it went on")
            FaultTally.shared.record(
                "worker stopped past its lease",
                on: "PostgreSQL",
                lost: outcome.lost,
                doubled: outcome.doubled,
                repeated: 1
            )
        }
    }
}
