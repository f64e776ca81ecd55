import TestSupport
import Testing

/// Batches visit every row of a table exactly once: for random keys, rows and migrations.
///
/// `AZU_TEST_SECONDS` says for how long on each database, `AZU_TEST_SEED` which seed is the first.
@Suite(.serialized) struct KeyPropertyTests {
    @Test(.timeLimit(.minutes(15)), arguments: Store.all)
    func batchesOverRandomKeysVisitEveryRowExactlyOnce(_ store: Store) async {
        await check(on: store) { KeyCase(seed: $0, in: store) }
    }

    @Test(.enabled(if: Store.all.contains(.postgres)), .timeLimit(.minutes(15)))
    func partsThatWorkersCutAlongRandomKeysHoldEveryRowExactlyOnce() async {
        await check(on: .postgres) { KeyCase(seed: $0, in: .postgres, isLarge: true) }
    }

    /// Tries cases one after another until the time is over, or one fails.
    private func check(on store: Store, _ makeCase: (_ seed: UInt64) -> KeyCase) async {
        let end = ContinuousClock.now.advanced(by: .seconds(Settings.seconds))
        var seed = Settings.firstSeed
        repeat {
            let keyCase = makeCase(seed)
            do {
                if let failure = try await store.with({ try await keyCase.failure(in: $0) }) {
                    Issue.record("\(keyCase): \(failure)")
                    return
                }
            } catch {
                Issue.record("\(keyCase): \(String(reflecting: error))")
                return
            }
            seed &+= 1
        } while ContinuousClock.now < end
    }
}
