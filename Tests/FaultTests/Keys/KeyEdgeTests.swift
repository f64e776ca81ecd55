import DataMigrations
import Database
import TestSupport
import Testing

/// Keys at the edges of what their types hold.
@Suite(.serialized) struct KeyEdgeTests {
    /// Takes rows with these keys through migrations of each kind: with triggers, in small batches, stopped once or not.
    private func expectOneVisitEach(_ keys: [[Value]], _ table: KeyTable) async throws {
        for work in KeyRecipe.Work.allCases {
            for batchSize in [1, 3] {
                for stop in [nil, 2] as [Int?] {
                    var table = table
                    table.hasTrigger = work == .update
                    var attempts = [KeyRun.Attempt()]
                    if let stop { attempts.insert(KeyRun.Attempt(batches: stop), at: 0) }
                    let recipe = KeyRecipe(work: work, batchSize: batchSize)
                    let run = KeyRun(table: table, recipe: recipe, attempts: attempts)
                    let failure: String? = try await table.store.with { connection in
                        var random = SplitMix(state: 1)
                        return try await run.failure(keys, using: &random, in: connection)
                    }
                    #expect(failure == nil, "\(table): \(recipe), stopped after \(stop ?? 0) batches")
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: Store.all)
    func theLowestAndTheHighestIntegersAreVisitedOnce(_ store: Store) async throws {
        let numbers: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 2, .max - 1, .max]
        let table = KeyTable(store: store, names: ["a"], definition: "a BIGINT NOT NULL", end: ", PRIMARY KEY (a))")
        try await expectOneVisitEach(numbers.map { [Value.integer($0)] }, table)
    }

    @Test(
        .enabled(if: Store.all.contains(.postgres)),
        .timeLimit(.minutes(10)),
        arguments: ["timestamp", "timestamptz"],
        // In a `Date`; in a `Date` but not as seconds since 1970; in neither.
        [["1870-01-01", "2100-06-30"], ["2107-01-01", "2137-06-30"], ["1700-12-31", "9999-12-31"]]
    )
    func instantsAreToldApartToTheMicrosecond(_ type: String, _ days: [String]) async throws {
        let fractions = [".000001", ".000002", ".123457", ".123458", ".999998", ".999999"]
        let instants = days.flatMap { day in fractions.map { Value.text("\(day) 23:59:59\($0)") } }
        let definition = "a \(type) NOT NULL, b BIGINT NOT NULL"
        let table = KeyTable(store: .postgres, names: ["a", "b"], definition: definition, end: ", PRIMARY KEY (a, b))")
        let pairs: [[Value]] = instants.flatMap { [[$0, .integer(1)], [$0, .integer(2)]] }
        try await expectOneVisitEach(pairs, table)
    }

    @Test(.enabled(if: Store.all.contains(.postgres)), .timeLimit(.minutes(10)))
    func daysThatHaveNoYearOfFourDigitsAreVisitedOnce() async throws {
        let days = [
            "-infinity", "4713-01-01 BC", "0044-03-15 BC", "0001-01-01", "9999-12-31", "10000-01-01", "12024-02-29",
            "infinity",
        ]
        let table = KeyTable(store: .postgres, names: ["a"], definition: "a date NOT NULL", end: ", PRIMARY KEY (a))")
        try await expectOneVisitEach(days.map { [Value.text($0)] }, table)
    }

    /// SQLite's key may tell rows apart that comparisons of its column take for equal; it is none to walk along then.
    @Test(.timeLimit(.minutes(10)))
    func aTableWhoseKeyComparesOtherwiseThanItsColumnCountsAsOneWithoutAKey() async throws {
        let table = KeyTable(
            store: .sqlite,
            names: ["a"],
            definition: "a TEXT COLLATE NOCASE NOT NULL",
            end: ", PRIMARY KEY (a COLLATE BINARY))"
        )
        let error = await #expect(throws: MigrationError.self) {
            try await expectOneVisitEach(["a", "A", "b", "B", "c", "C"].map { [Value.text($0)] }, table)
        }
        #expect(error?.code == .mismatch)
    }

    @Test(.timeLimit(.minutes(10)), arguments: Store.all)
    func aColumnWithACommaInItsNameIsFoundAgainAfterAStop(_ store: Store) async throws {
        let table = KeyTable(
            store: store,
            names: ["a,b"],
            definition: "\"a,b\" BIGINT NOT NULL",
            end: ", PRIMARY KEY (\"a,b\"))"
        )
        try await expectOneVisitEach((Int64(1)...10).map { [Value.integer($0)] }, table)
    }
}
