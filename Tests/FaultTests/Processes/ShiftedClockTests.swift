import Database
import Foundation
import TestSupport
import Testing

/// Leases go by the database's clock: that of a process may be wrong.
@Suite(
    .enabled(if: PostgresServer.isThere),
    .enabled(if: ShiftedClock.isThere, "shifting a process's clock takes Linux and a C compiler on the PATH"),
    .serialized
)
struct ShiftedClockTests {
    static let day = 86_400

    @Test(.timeLimit(.minutes(10)), arguments: [day, -day], [true, false])
    func aWorkerWhoseClockIsOffByADayTakesNoPartOfALiveOneNorLosesIts(_ shift: Int, leads: Bool) async throws {
        try await ShiftedClock.with { clock in
            let shifted = clock.environment(shiftedBy: shift)
            let found = try await clock.shift(in: shifted)
            try #require(abs(found - Double(shift)) < 60, "the clock is shifted")
            try await SharedRun.with { run in
                // No lease ends while its worker commits, however slow the machine is.
                let lease = Duration.seconds(30)
                var processes = [try run.start("0", lease: lease, environment: leads ? shifted : [:])]
                defer { run.end(processes) }
                try await run.waitForPart(processes[0])
                processes.append(try run.start("1", lease: lease, environment: leads ? [:] : shifted))
                // Both work at the same time.
                try await run.waitForPart(processes[1])
                try #require(processes[0].isRunning)
                for process in processes { #expect(await Child.end(of: process) == .exited(0)) }

                let outcome = try await run.outcome()
                #expect(outcome == SharedRun.Outcome())
                let takenOver: SQL = "SELECT count(*) FROM data_migration_slices WHERE kind = 'table' AND epoch <> 1"
                #expect(try await run.connection.number(takenOver) == 0, "no part changed hands")
                FaultTally.shared.record(
                    "clock of a worker off by a day",
                    on: "PostgreSQL",
                    lost: outcome.lost,
                    doubled: outcome.doubled,
                    repeated: 0
                )
            }
        }
    }
}
