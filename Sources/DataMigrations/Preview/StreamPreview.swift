import Database

/// Samples a file, or a source of the author's own: its first batches, since there is no way to its middle.
struct StreamPreview<Row: Sendable> {
    let reading: StreamReading<Row>
    let label: String
    let work: any BatchWork<Row>
    let run: PreviewRun

    func sample() async throws {
        var source = Preview.Source(label: label)
        switch try await reading.size() {
        case .rows(let rows):
            source.rows = rows
            source.isExact = true
        case .bytes(let bytes): source.bytes = bytes
        case nil: break
        }
        run.add(source)
        let feed = StreamFeed(reading, after: nil, connection: run.connection)
        for _ in 0..<(run.isByHand ? 1 : 3) {
            guard try await run.batch(of: feed, work) != nil else { return run.noteEnd() }
        }
        run.note("\(label) is read from its start, so only its first batches were tried")
    }
}
