import Database

/// What a migration does with the rows of a batch.
protocol BatchWork<Row>: Sendable {
    associatedtype Row: Sendable

    /// Does what can be done before the batch's transaction begins, while the batch before is being written.
    ///
    /// What comes back is handed to ``write(_:in:)`` as ``LoadedBatch/ahead``.
    func ahead(_ batch: LoadedBatch<Row>, connection: any DatabaseConnection) -> (any Sendable)?

    /// Writes a whole batch inside its transaction, the usual way: as fast as can be, with no way to tell which row is at
    /// fault if that fails.
    func write(_ batch: LoadedBatch<Row>, in handle: Batch) async throws -> WrittenBatch

    /// Gets a batch ready to be written in parts.
    func prepare(_ batch: LoadedBatch<Row>, connection: any DatabaseConnection) async throws -> any PreparedBatch
}

extension BatchWork {
    /// Nothing can be done before.
    func ahead(_ batch: LoadedBatch<Row>, connection: any DatabaseConnection) -> (any Sendable)? { nil }
}

/// A batch that is written, but for what can be sent along with the checkpoint.
struct WrittenBatch: Sendable {
    var rest: [Statement] = []
    /// The rows that turned out bad before they were written.
    var faults: [QuarantinedRow] = []
}

/// A batch that can be written in parts.
protocol PreparedBatch: AnyObject {
    /// How many rows can be written.
    var count: Int { get }
    /// The rows that turned out bad before anything was written.
    var faults: [QuarantinedRow] { get }

    /// Writes some of the rows, under a savepoint. What can wait is returned, to be sent along with its end.
    func write(_ range: Range<Int>, in handle: Batch) async throws -> [Statement]

    /// Lets the author mend the only row that failed. Returns whether it is to be tried again.
    func mend(_ index: Int, after error: any Error, attempt: Int) throws -> Bool

    /// How a row is put aside.
    func quarantined(_ index: Int, error: any Error) -> QuarantinedRow
}
