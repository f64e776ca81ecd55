import Testing

@Suite struct SnapshotDifferenceTests {
    @Test func linesThatDifferAreShownWithTheirNumbers() {
        #expect(Snapshot.difference(from: "a\nb\nc\n", to: "a\nb\nc\n") == "")
        #expect(Snapshot.difference(from: "a\nb\nc\n", to: "a\nx\nc\n") == "2 - b\n2 + x")
        #expect(Snapshot.difference(from: "a\n", to: "a\nb\n") == "2 + b")
    }
}
