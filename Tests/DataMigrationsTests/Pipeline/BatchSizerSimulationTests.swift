import Testing

@testable import DataMigrations

/// The sizer finds its way on servers of several kinds, and again when they change.
@Suite struct BatchSizerSimulationTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        var fixed: Double
        var perRow: Double
        var most: Int
        var testDescription: String { "\(fixed) s and \(perRow) s a row, at most \(most) rows" }
    }

    static let kinds = [
        Kind(fixed: 0.002, perRow: 0.000_01, most: 10_000), Kind(fixed: 0.02, perRow: 0.000_05, most: 10_000),
        Kind(fixed: 0.005, perRow: 0.000_2, most: 10_000), Kind(fixed: 0.02, perRow: 0.001, most: 10_000),
        Kind(fixed: 0.01, perRow: 0.004, most: 10_000), Kind(fixed: 0.01, perRow: 0.000_01, most: 100_000),
    ]
    static let seeds: ClosedRange<UInt64> = 1...20

    /// A sizer and its server.
    private struct Simulation {
        var sizer: BatchSizer
        var server: SimulatedServer
        let best: Double

        init(_ kind: Kind, seed: UInt64) {
            sizer = BatchSizer(.adaptive(max: kind.most))
            server = SimulatedServer(fixed: kind.fixed, perRow: kind.perRow, seed: seed)
            best = server.bestRate(aim: BatchSizer.aim / .seconds(1), most: kind.most)
        }

        /// Takes so many batches, and returns how many rows each had.
        @discardableResult
        mutating func run(_ batches: Int) -> [Int] {
            (0..<batches).map { _ in
                let rows = sizer.rows
                sizer.record(rows: rows, took: server.run(rows: rows))
                return rows
            }
        }

        /// How near the rate comes to the best one with the batches that are due.
        var share: Double { server.rate(rows: sizer.rows) / best }
    }

    @Test(arguments: kinds) func withinTenBatchesItIsNearTheBestRateThoughTheCacheWasCold(_ kind: Kind) {
        for seed in Self.seeds {
            var simulation = Simulation(kind, seed: seed)
            simulation.run(10)
            #expect(simulation.share >= 0.8, "seed \(seed)")
        }
    }

    @Test(arguments: kinds) func onceSettledItStaysNearItsMedianWhateverTheNoise(_ kind: Kind) {
        for seed in Self.seeds {
            var simulation = Simulation(kind, seed: seed)
            simulation.run(15)
            let sizes = simulation.run(100)
            let median = Double(sizes.sorted()[sizes.count / 2])
            #expect(sizes.allSatisfy { (0.7 * median...1.3 * median).contains(Double($0)) }, "seed \(seed): \(sizes)")
        }
    }

    @Test(arguments: kinds, [3.0, 4, 10]) func oneBatchOfASlowSpellIsEnoughToHalveTheNext(_ kind: Kind, times: Double) {
        for seed in Self.seeds {
            var simulation = Simulation(kind, seed: seed)
            simulation.run(40)
            simulation.server.slowness = times
            let rows = simulation.sizer.rows
            let time = simulation.server.run(rows: rows)
            simulation.sizer.record(rows: rows, took: time)
            // A batch that is short all the same is in nobody's way.
            guard time > BatchSizer.aim * 2 else { continue }
            #expect(simulation.sizer.rows <= rows / 2, "seed \(seed)")
        }
    }

    @Test(arguments: [3.0, 4, 10]) func atTheAimAnySlowSpellHalvesTheNextBatch(times: Double) {
        for seed in Self.seeds {
            var simulation = Simulation(Kind(fixed: 0.02, perRow: 0.000_05, most: 1_000_000), seed: seed)
            simulation.run(40)
            simulation.server.slowness = times
            let sizes = simulation.run(1) + [simulation.sizer.rows]
            #expect(sizes[1] <= sizes[0] / 2, "seed \(seed): \(sizes)")
        }
    }

    @Test(arguments: kinds) func withinFifteenBatchesOfTheEndOfASlowSpellItIsNearTheBestRate(_ kind: Kind) {
        for seed in Self.seeds {
            var simulation = Simulation(kind, seed: seed)
            simulation.run(30)
            simulation.server.slowness = 4
            simulation.run(20)
            simulation.server.slowness = 1
            simulation.run(15)
            #expect(simulation.share >= 0.8, "seed \(seed)")
        }
    }
}
