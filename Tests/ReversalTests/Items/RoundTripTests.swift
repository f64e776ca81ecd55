import TestSupport
import Testing

/// A migration that is rolled back leaves the very tables that were there before it: for random tables, rows and
/// migrations.
///
/// `AZU_TEST_SECONDS` says for how long on each database, `AZU_TEST_SEED` which seed is the first.
@Suite(.serialized) struct RoundTripTests {
    @Test(.timeLimit(.minutes(15)), arguments: Store.all)
    func aMigrationThatIsRolledBackLeavesWhatWasThere(_ store: Store) async throws {
        let end = ContinuousClock.now.advanced(by: .seconds(Settings.seconds))
        var seed = Settings.firstSeed
        repeat {
            let itemCase = ItemCase(seed: seed, in: store)
            do {
                guard let failure = try await store.with({ try await itemCase.failure(in: $0) }) else {
                    seed += 1
                    continue
                }
                Issue.record("\(itemCase): \(failure)")
            } catch {
                Issue.record("\(itemCase): \(String(reflecting: error))")
            }
            return
        } while ContinuousClock.now < end
    }
}
