import TestSupport
import Testing

/// A process that is killed at any moment, again and again, leaves what one leaves that was left alone.
///
/// `AZU_TEST_SEED` makes the moments.
@Suite(.serialized) struct RandomKillTests {
    private static let titles = [
        "update", "insert with children", "file import", "delete and archive", "update, rollback",
    ]

    @Test(.timeLimit(.minutes(60)), arguments: Store.all)
    func aProcessThatIsKilledAtARandomMomentCostsNoRow(_ store: Store) async throws {
        var clean: [String: RandomKills.Clean] = [:]
        var left = FaultBudget.isFull ? 100 : 10
        var seed = Settings.firstSeed &* 1_000
        while left > 0 {
            let title = Self.titles[Int(seed % UInt64(Self.titles.count))]
            let kills = RandomKills(work: try #require(Work.titled(title, RandomKills.size)), store: store)
            let known: RandomKills.Clean
            if let measured = clean[title] { known = measured } else { known = try await kills.clean() }
            clean[title] = known
            left -= try await kills.check(against: known, most: left, seed: seed)
            seed &+= 1
        }
    }
}
