import Database

/// Reads a file, or a source of the author's own, ahead of the writing: while a batch is written, the next one is read.
final class StreamFeed<Row: Sendable>: BatchFeed {
    private let reader: AheadReader<Row>
    private let connection: any DatabaseConnection
    private var current: SourceBatch<Row>?
    private var next: Task<SourceBatch<Row>?, any Error>?

    init(_ reading: StreamReading<Row>, after cursor: String?, connection: any DatabaseConnection) {
        reader = AheadReader(reading, after: cursor)
        self.connection = connection
    }

    deinit { next?.cancel() }

    func begin(rows: Int) async throws -> LoadedBatch<Row>? {
        if current == nil {
            let reading = next ?? start(rows: rows)
            next = nil
            current = try await reading.value
            if current != nil { next = start(rows: rows) }
        }
        guard let current else { return nil }
        try await connection.run([.begin])
        return LoadedBatch(
            count: current.count,
            malformed: current.malformed.map {
                QuarantinedRow(locator: $0.locator, original: $0.original, error: $0.problem)
            },
            cursor: current.cursor,
            position: current.position,
            table: nil,
            locator: current.locator,
            original: current.original,
            decode: { _ in DecodedRows(rows: current.rows, records: current.records) }
        )
    }

    func committed(_ batch: LoadedBatch<Row>) { current = nil }

    private func start(rows: Int) -> Task<SourceBatch<Row>?, any Error> {
        let (reader, budget) = (reader, byteBudget)
        return Task<SourceBatch<Row>?, any Error> { try await reader.next(rows: rows, bytes: budget) }
    }
}

/// Reads on a thread of its own: a file's blocking reads, and the parsing, stay off the cooperative threads.
private actor AheadReader<Row: Sendable> {
    private let executor = ThreadExecutor(label: "azu.reader")
    private let reading: StreamReading<Row>
    /// Behind the last batch that was read.
    private var cursor: String?
    private var reader: (any BatchReader<Row>)?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ reading: StreamReading<Row>, after cursor: String?) {
        self.reading = reading
        self.cursor = cursor
    }

    func next(rows: Int, bytes: Int) async throws -> SourceBatch<Row>? {
        do {
            if reader == nil { reader = try await reading.open(cursor) }
            let batch = try await reader?.next(rows: rows, bytes: bytes)
            if let batch { cursor = batch.cursor }
            return batch
        } catch {
            // A sequence that has thrown is over: asked again, it would seem to have no more rows.
            reader = nil
            throw error
        }
    }
}
