import Testing

/// A connection breaks at every message that matters; the run loses no row, and writes none twice.
@Suite(.enabled(if: PostgresServer.isThere), .serialized)
struct WireFaultTests {
    static let workloads: [WireWorkload] = [.update(), .copy(), .archive()]

    /// The first message of a kind, and later ones: the middle of a table's COPY, and of a page of 200 rows.
    private static let places: [(place: WireFault.Place, numbers: [Int])] = [
        (.commit, [1, 4]), (.copyData, [1, 3]), (.dataRow, [1, 130]), (.execute, [1, 4, 8]),
    ]

    private static let actions: [WireFault.Action] = [.cutBefore, .cutInside, .cutAfter, .stall(.milliseconds(300))]

    /// A case of each workload for each fault that can strike it.
    private static func cases(_ faults: [WireFault], parameters: [String] = []) -> [WireCase] {
        let cases = workloads.flatMap { workload in
            faults.filter { workload.copies || $0.place != .copyData }
                .map { WireCase(workload: workload, fault: $0, parameters: parameters) }
        }
        return FaultBudget.some(cases, of: 4)
    }

    static let cuts: [WireCase] = cases(
        places.flatMap { place, numbers in
            numbers.flatMap { number in actions.map { WireFault($0, at: place, number) } }
        }
    )

    @Test(.timeLimit(.minutes(10)), arguments: cuts)
    func aConnectionThatIsCutOrStallsCostsNoRow(_ wireCase: WireCase) async throws { try await wireCase.check() }

    /// Nobody says that the connection is lost: it is up to the client to wait no longer.
    ///
    /// The lost session holds its locks for a while, and a lock is waited for less long than a statement may take.
    static let blackholes: [WireCase] = cases(
        [
            WireFault(.blackhole, at: .commit), WireFault(.blackhole, at: .copyData, 3),
            WireFault(.blackhole, at: .dataRow, 130), WireFault(.blackhole, at: .execute, 4),
        ],
        parameters: ["lock_timeout=300ms", "statement_timeout=500ms", "answer_timeout=1500ms"]
    )

    @Test(.timeLimit(.minutes(10)), arguments: blackholes)
    func aConnectionThatFallsSilentCostsNoRow(_ wireCase: WireCase) async throws { try await wireCase.check() }

    /// Before its first batch, a worker takes a part of the table, and opens a session that reads.
    @Test(.timeLimit(.minutes(10)), arguments: 1...10)
    func aConnectionThatIsCutBeforeTheFirstBatchCostsNoRow(_ number: Int) async throws {
        let fault = WireFault(.cutBefore, at: .execute, number)
        try await WireCase(workload: .update(), fault: fault).check(armedAfter: 0)
    }

    /// The first COMMIT behind the begin of reading is that of the part of the table that the worker takes.
    @Test(.timeLimit(.minutes(10)), arguments: [WireFault.Action.cutBefore, .cutAfter])
    func theCommitThatTakesAPartOfTheTableMayBeLostToo(_ action: WireFault.Action) async throws {
        try await WireCase(workload: .update(), fault: WireFault(action, at: .commit)).check(armedAfter: 0)
    }
}
