import Database

/// A batch migration's `process`.
struct ProcessWork<Row: Sendable>: BatchWork {
    let process: @Sendable ([Row], Batch) async throws -> Void

    func prepare(_ batch: LoadedBatch<Row>, connection: any DatabaseConnection) async throws -> any PreparedBatch {
        PreparedRows(batch: batch, process: process)
    }
}

private final class PreparedRows<Row: Sendable>: PreparedBatch {
    private let batch: LoadedBatch<Row>
    private let process: @Sendable ([Row], Batch) async throws -> Void

    init(batch: LoadedBatch<Row>, process: @escaping @Sendable ([Row], Batch) async throws -> Void) {
        self.batch = batch
        self.process = process
    }

    var count: Int { batch.rows.count }
    var faults: [QuarantinedRow] { batch.faults }

    func write(_ range: Range<Int>, in handle: Batch) async throws -> [Statement] {
        guard !range.isEmpty else { return [] }
        try await process(range == 0..<count ? batch.rows : Array(batch.rows[range]), handle)
        return []
    }

    func mend(_ index: Int, after error: any Error, attempt: Int) -> Bool { false }

    func quarantined(_ index: Int, error: any Error) -> QuarantinedRow { batch.quarantined(index, error: error) }

    func source(_ range: Range<Int>) -> BulkDelete? { batch.table?.delete(batch.records[range]) }
}
