import Database

/// What a migration does with the rows of a batch.
protocol BatchWork<Row>: Sendable {
    associatedtype Row: Sendable

    /// Gets a batch ready to be written, whole or in parts.
    func prepare(_ batch: LoadedBatch<Row>, connection: any DatabaseConnection) async throws -> any PreparedBatch
}

/// A batch that can be written, whole or in parts.
protocol PreparedBatch: AnyObject {
    /// How many rows can be written.
    var count: Int { get }
    /// The rows that turned out bad before anything was written.
    var faults: [QuarantinedRow] { get }

    /// Writes some of the rows, inside a transaction. What can wait is returned, to be sent along with the checkpoint.
    func write(_ range: Range<Int>, in batch: Batch) async throws -> [Statement]

    /// Lets the author mend the only row that failed. Returns whether it is to be tried again.
    func mend(_ index: Int, after error: any Error, attempt: Int) throws -> Bool

    /// How a row is put aside.
    func quarantined(_ index: Int, error: any Error) -> QuarantinedRow

    /// What ``Batch/deleteRows()`` deletes.
    func source(_ range: Range<Int>) -> BulkDelete?
}
