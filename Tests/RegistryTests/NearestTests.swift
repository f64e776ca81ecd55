import MigrationNaming
import Testing

/// Who mistypes a name is told which one may be meant.
@Suite struct NearestTests {
    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "ab", 2), ("abc", "abc", 0), ("abc", "axc", 1), ("abc", "ac", 1),
        ("ac", "abc", 1), ("abc", "acb", 1), ("migrate", "mgirate", 1), ("kitten", "sitting", 3), ("abcd", "badc", 2),
    ])
    func aDistanceCountsLetters(_ left: String, _ right: String, _ distance: Int) {
        #expect(Nearest.distance(left, right) == distance)
        #expect(Nearest.distance(right, left) == distance)
    }

    @Test func atMostThreeAreNamed() {
        let names = ["copy_a", "copy_b", "copy_c", "copy_d"]
        #expect(Nearest.names(to: "copy_x", among: names, separator: "_") == ["copy_a", "copy_b", "copy_c"])
    }

    static let directives = ["table", "where", "no-transaction", "requires", "up", "down"]

    @Test(arguments: [
        ("tabel", ["table"]), ("WHERE", ["where"]), ("transaction", ["no-transaction"]),
        ("no_transaction", ["no-transaction"]), ("require", ["requires"]), ("dwon", ["down"]), ("owner", []),
        ("no-transactions-at-all-please", []), ("", []),
    ])
    func linesOfFilesAreFoundAsCommandsAre(_ word: String, _ nearest: [String]) {
        #expect(Nearest.names(to: word.lowercased(), among: Self.directives, separator: "-") == nearest)
    }

    @Test func whatIsAMileLongIsNotCompared() {
        let word = String(repeating: "a", count: 100_000)
        #expect(Nearest.names(to: word, among: ["a", "b"], separator: "-") == [])
    }
}
