import TestSupport
import Testing

/// Whatever goes wrong at whichever statement: no row is lost, none is written twice, and the ledger is right.
///
/// Of all statements in `script/test faults`; elsewhere of a part of them, which is another one each day.
@Suite struct SweepTests {
    @Test(.timeLimit(.minutes(30)), arguments: Store.all, Work.all.map(\.title))
    func aFaultBeforeAnyStatementCostsNoRow(_ store: Store, _ work: String) async throws {
        try await strike(store, work, isAfter: false)
    }

    @Test(.timeLimit(.minutes(30)), arguments: Store.all, Work.all.map(\.title))
    func aFaultAfterAnyStatementCostsNoRow(_ store: Store, _ work: String) async throws {
        try await strike(store, work, isAfter: true)
    }

    @Test(.timeLimit(.minutes(30)), arguments: Store.all, Work.all.map(\.title))
    func aProcessThatIsKilledAtAnyStatementCostsNoRow(_ store: Store, _ work: String) async throws {
        let sweep = FaultBudget.sweep(work, store, of: .killed)
        let clean = try await sweep.clean()
        for isAfter in [false, true] { try await sweep.checkKilled(isAfter: isAfter, against: clean) }
    }

    private func strike(_ store: Store, _ work: String, isAfter: Bool) async throws {
        let clean = try await FaultBudget.sweep(work, store, of: .dropped).clean()
        for kind in InjectedFault.Kind.allCases where kind != .killed {
            try await FaultBudget.sweep(work, store, of: kind).check(kind, isAfter: isAfter, against: clean)
        }
    }
}
