import Database

/// Takes the rows of a file, or of a source of the author's own, through a migration.
struct StreamRun<Row: Sendable> {
    let reading: StreamReading<Row>
    let label: String
    let work: any BatchWork<Row>
    let step: String
    let context: RunContext

    func run() async throws {
        let (ledger, run) = (context.ledger, context.run)
        if context.retriesQuarantine {
            try await QuarantineRun(step: step, work: work, context: context).run { record in
                guard let row = try reading.reread(record.row.original) else { throw Unreadable() }
                return LoadedBatch(
                    count: 1,
                    cursor: "",
                    table: nil,
                    locator: { _ in record.row.locator },
                    original: { _ in record.row.original },
                    decode: { _ in DecodedRows(rows: [row], records: [0]) }
                )
            }
            return
        }
        let begun = try await ledger.slices(of: run, step: step).first
        if let begun, begun.isDone { return }
        // Before the first batch is committed, nothing depends on what the file held.
        try await checkFingerprint(isBegun: begun?.cursor != nil)
        try await ledger.openSlice(NewSlice(step: step, number: 0, kind: .stream), of: run)
        guard let slice = try await ledger.slices(of: run, step: step).first else { return }
        let lease = try await ledger.claim(slice, of: run)
        context.observer.observe(
            .reading(
                ReadingInfo(
                    label: label,
                    total: try await reading.size(),
                    done: try await ledger.counters(of: run),
                    position: slice.position
                )
            )
        )
        let feed = StreamFeed(reading, after: slice.cursor, connection: context.connection)
        let checkpoint = Checkpoint(slice, lease: lease, walk: nil)
        try await context.holding(lease) {
            _ = try await Pipeline(feed, work, checkpoint: checkpoint, context: context).run()
        }
    }

    private func checkFingerprint(isBegun: Bool) async throws {
        let fingerprint = try await reading.fingerprint()
        guard isBegun, let known = context.run.inputFingerprint else {
            try await context.connection.run([context.ledger.saveFingerprint(fingerprint, of: context.run)])
            return
        }
        guard known != fingerprint else { return }
        throw MigrationError(
            .inputChanged,
            "\(label) changed since \(context.run.name) began to read it; put the old file back, or roll the run back and "
                + "start anew"
        )
    }

    private struct Unreadable: Error, CustomStringConvertible {
        var description: String { "the source can't read a single row again; mend the row by hand, or accept it" }
    }
}
