import DataMigrations
import Testing

@Suite struct RunStateTests {
    @Test func noEdgeStandsTwiceAndEachHasItsReason() {
        let pairs = RunState.edges.map { "\($0.from) \($0.to)" }
        #expect(Set(pairs).count == pairs.count)
        #expect(RunState.edges.allSatisfy { !$0.reason.isEmpty && $0.from != $0.to })
    }

    @Test func everyStateCanBeReachedFromTheFirst() {
        var reached: Set<RunState> = [.pending]
        for _ in RunState.allCases {
            for edge in RunState.edges where reached.contains(edge.from) { reached.insert(edge.to) }
        }
        #expect(reached == Set(RunState.allCases))
    }

    @Test func whatIsTakenBackCanOnlyBeRunAgain() {
        #expect(RunState.allCases.filter { RunState.rolledBack.allows($0) } == [.running])
        #expect(!RunState.succeeded.allows(.failed))
        #expect(!RunState.pending.allows(.succeeded))
        #expect(RunState.failed.allows(.running))
    }
}
