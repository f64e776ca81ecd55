import Database

/// A batch migration's `process`.
struct ProcessWork<Row: Sendable>: BatchWork {
    let process: @Sendable ([Row], Batch) async throws -> Void

    func write(_ batch: LoadedBatch<Row>, in handle: Batch) async throws -> WrittenBatch {
        let rows = BatchRows(batch, process: process)
        let rest = try await rows.write(0..<rows.count, in: handle)
        return WrittenBatch(rest: rest, faults: rows.faults)
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
    /// Those that `process` put aside itself.
    private var refused: [Int: QuarantinedRow] = [:]
    var faults: [QuarantinedRow] {
        batch.malformed + decoded.faults.map { batch.quarantined($0.record, error: $0.error) }
            + refused.sorted { $0.key < $1.key }.map { $0.value }
    }

    func write(_ range: Range<Int>, in handle: Batch) async throws -> [Statement] {
        guard !range.isEmpty else { return [] }
        // An attempt that was rolled back may have put others aside.
        for index in range { refused[index] = nil }
        handle.holds(batch.table?.delete(decoded.records[range]))
        try await process(range == 0..<count ? decoded.rows : Array(decoded.rows[range]), handle)
        for (index, error) in handle.takeRefused() {
            guard range.indices.contains(range.lowerBound + index) else {
                throw ModelError("there is no row \(index) in this batch of \(range.count) to be put aside")
            }
            let row = range.lowerBound + index
            refused[row] = batch.quarantined(decoded.records[row], error: error)
        }
        return []
    }

    func mend(_ index: Int, after error: any Error, attempt: Int) -> Bool { false }

    func quarantined(_ index: Int, error: any Error) -> QuarantinedRow {
        // The error of its writing says more than what `process` had said of it before.
        refused[index] = nil
        return batch.quarantined(decoded.records[index], error: error)
    }
}
