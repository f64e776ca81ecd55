import Database

/// A batch migration's `process`.
struct ProcessWork<Row: Sendable>: BatchWork {
    let process: @Sendable ([Row], Batch) async throws -> Void

    func write(_ batch: LoadedBatch<Row>, in handle: Batch) async throws -> WrittenBatch {
        let rows = BatchRows(batch, process: process)
        return WrittenBatch(rest: try await rows.write(0..<rows.count, in: handle), faults: rows.faults)
    }

    func prepare(_ batch: LoadedBatch<Row>, connection: any DatabaseConnection) async throws -> any PreparedBatch {
        BatchRows(batch, process: process)
    }
}

/// The rows of a batch as `process` gets them.
private final class BatchRows<Row: Sendable>: PreparedBatch {
    private let batch: LoadedBatch<Row>
    private let decoded: DecodedRows<Row>
    private let process: @Sendable ([Row], Batch) async throws -> Void

    init(_ batch: LoadedBatch<Row>, process: @escaping @Sendable ([Row], Batch) async throws -> Void) {
        self.batch = batch
        self.process = process
        decoded = batch.rows(0..<batch.count)
    }

    var count: Int { decoded.rows.count }
    var faults: [QuarantinedRow] {
        batch.malformed + decoded.faults.map { batch.quarantined($0.record, error: $0.error) }
    }

    func write(_ range: Range<Int>, in handle: Batch) async throws -> [Statement] {
        guard !range.isEmpty else { return [] }
        handle.holds(batch.table?.delete(decoded.records[range]))
        try await process(range == 0..<count ? decoded.rows : Array(decoded.rows[range]), handle)
        return []
    }

    func mend(_ index: Int, after error: any Error, attempt: Int) -> Bool { false }

    func quarantined(_ index: Int, error: any Error) -> QuarantinedRow {
        batch.quarantined(decoded.records[index], error: error)
    }
}
