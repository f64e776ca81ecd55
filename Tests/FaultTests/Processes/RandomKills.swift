import Database
import Foundation
import TestSupport
import Testing

/// Kills the processes that do a work, one after another, each after a random time, until one comes to its end.
///
/// The oracle is the same work that nobody killed.
struct RandomKills {
    /// Large enough that a process lives for a while.
    static let size = Work.Size(rows: 2_000, batch: 20)

    let work: Work
    let store: Store

    /// What a work leaves that nobody kills, and how long its process lives.
    struct Clean {
        let outcome: Work.Outcome
        let duration: Duration
    }

    /// Does the work in a process that nobody kills.
    func clean() async throws -> Clean {
        try await work.prepared(on: store) { address, folder in
            let start = ContinuousClock.now
            let end = try await Child.run(arguments(address, folder))
            let duration = start.duration(to: .now)
            try #require(end == .exited(0), "\(work.title) on \(store)")
            return Clean(outcome: try await outcome(address), duration: duration)
        }
    }

    /// Kills, and compares what is there in the end.
    ///
    /// - Parameters:
    ///   - clean: what has to be there.
    ///   - most: how often to kill, if there is so much to do.
    ///   - seed: makes the moments.
    /// - Returns: how many processes were killed.
    /// - Throws: what keeps a process from being started, or the database from being read.
    func check(against clean: Clean, most: Int, seed: UInt64) async throws -> Int {
        try await work.prepared(on: store) { address, folder in
            var random = SplitMix(state: seed)
            var kills = 0
            var end: Child.End
            repeat {
                let process = try Child.start(arguments(address, folder))
                if kills < most {
                    // Some die while they start, some in the midst of a batch, some at their end.
                    try await Task.sleep(for: clean.duration * (Double(random.below(10_000)) / 10_000))
                    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
                }
                end = await Child.end(of: process)
                if end == .killed { kills += 1 }
            } while end == .killed
            #expect(end == .exited(0), "\(work.title) on \(store), seed \(seed)")
            try await compare(try await outcome(address), clean, kills, seed)
            return kills
        }
    }

    private func compare(_ outcome: Work.Outcome, _ clean: Clean, _ kills: Int, _ seed: UInt64) async throws {
        let lost = Work.Outcome.difference(clean.outcome.lines, outcome.lines)
        let doubled = Work.Outcome.difference(outcome.lines, clean.outcome.lines)
        #expect(
            lost.isEmpty && doubled.isEmpty,
            "\(work.title) on \(store), seed \(seed): \(lost.prefix(3)) \(doubled.prefix(3))"
        )
        #expect(outcome.ledger == clean.outcome.ledger, "\(work.title) on \(store), seed \(seed)")
        FaultTally.shared.record(
            "process killed at a random moment",
            on: store == .sqlite ? "SQLite" : "PostgreSQL",
            count: kills,
            lost: lost.count,
            doubled: doubled.count,
            // At most: each may have been in the midst of a batch.
            repeated: kills
        )
    }

    private func outcome(_ address: String) async throws -> Work.Outcome {
        let connection = try await store.open(address)
        let outcome = try await work.outcome(connection)
        await connection.close()
        return outcome
    }

    private func arguments(_ address: String, _ folder: URL) -> [String] {
        [
            "resume", store.rawValue, address, work.title, folder.path(percentEncoded: false), "\(Self.size.rows)",
            "\(Self.size.batch)",
        ]
    }
}
