import Database
import Foundation
import TestSupport
import Testing

/// Strikes a work at each of its statements, one after another, and has it gone on with.
///
/// The oracle is the same work that nothing struck.
struct Sweep {
    let work: Work
    let store: Store
    /// Which statements: of so many, one, starting with the one of this number.
    var step = 1
    var start = 0

    /// What a work leaves that nothing strikes, how many statements it has, and how many transactions it begins.
    struct Clean {
        let outcome: Work.Outcome
        let statements: Int
        let begun: Int
    }

    /// Does the work without a fault.
    func clean() async throws -> Clean {
        try await work.prepared(on: store) { address, folder in
            let connection = try await FaultyConnection(nil) { [store] in try await store.open(address) }
            try await work.act(connection, folder)
            let outcome = try await work.outcome(connection)
            await connection.close()
            return Clean(outcome: outcome, statements: connection.count, begun: connection.begun)
        }
    }

    /// Strikes in this process.
    func check(_ kind: InjectedFault.Kind, isAfter: Bool, against clean: Clean) async throws {
        var count = 0
        for place in stride(from: start, to: clean.statements, by: step) {
            let fault = InjectedFault(kind, at: place, isAfter: isAfter)
            try await work.prepared(on: store) { address, folder in
                let connection = try await FaultyConnection(fault) { [store] in try await store.open(address) }
                // Most go on by themselves.
                _ = try? await work.act(connection, folder)
                await connection.close()
                guard connection.hasStruck else { return }
                count += 1
                try await compare(address, folder, clean, fault, connection.begun, connection.hasStruckCommit)
            }
        }
        #expect(count > 0 || step > 1, "no statement was struck")
    }

    /// Strikes in a process that is killed by it.
    func checkKilled(isAfter: Bool, against clean: Clean) async throws {
        for place in stride(from: start, to: clean.statements, by: step) {
            let fault = InjectedFault(.killed, at: place, isAfter: isAfter)
            try await work.prepared(on: store) { address, folder in
                let arguments = [
                    store.rawValue, address, work.title, folder.path(percentEncoded: false), "\(place)",
                    isAfter ? "after" : "before",
                ]
                let end = try await Child.run(arguments)
                guard end == .killed else {
                    // What comes last differs by a statement or two.
                    #expect(end == .exited(0), "\(work.title): \(fault)")
                    return
                }
                try await compare(address, folder, clean, fault, nil, false)
            }
        }
    }

    /// Goes on with what the fault has left, and compares.
    private func compare(
        _ address: String,
        _ folder: URL,
        _ clean: Clean,
        _ fault: InjectedFault,
        _ begun: Int?,
        _ wasCommit: Bool
    ) async throws {
        let connection = try await FaultyConnection(nil) { [store] in try await store.open(address) }
        do {
            try await work.resume(connection, folder)
        } catch {
            Issue.record("\(work.title) on \(store): \(fault): can't be gone on with: \(error)")
        }
        let outcome = try await work.outcome(connection)
        let lost = Work.Outcome.difference(clean.outcome.lines, outcome.lines)
        let doubled = Work.Outcome.difference(outcome.lines, clean.outcome.lines)
        #expect(
            lost.isEmpty && doubled.isEmpty,
            "\(work.title) on \(store): \(fault): \(lost.prefix(3)) \(doubled.prefix(3))"
        )
        #expect(outcome.ledger == clean.outcome.ledger, "\(work.title) on \(store): \(fault)")
        await connection.close()
        FaultTally.shared.record(
            Self.name(fault, wasCommit),
            on: store == .sqlite ? "SQLite" : "PostgreSQL",
            lost: lost.count,
            doubled: doubled.count,
            repeated: begun.map { max(0, $0 - clean.begun) } ?? 1
        )
    }

    private static func name(_ fault: InjectedFault, _ wasCommit: Bool) -> String {
        let side = fault.isAfter ? "after" : "before"
        return switch fault.kind {
        case .killed: "process killed \(side) a statement"
        case .dropped where wasCommit && fault.isAfter: "answer of COMMIT lost"
        case .dropped where wasCommit: "connection lost before COMMIT"
        case .dropped: "connection lost \(side) a statement"
        case .conflict: "deadlock or serialization failure"
        case .locked: "lock not granted in time"
        case .timedOut: "statement over its time"
        case .full: "no room for a session"
        case .readOnly: "server read-only, as after a failover"
        }
    }
}
