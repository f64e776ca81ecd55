/// Hands out a part of a run, a batch at a time.
protocol BatchFeed<Row>: AnyObject {
    associatedtype Row: Sendable

    /// Opens a transaction and hands out the next batch in it: the same one again, until it is ``committed(_:)``.
    ///
    /// - Returns: the batch, or `nil` at the end; there is no open transaction then.
    func begin(rows: Int) async throws -> LoadedBatch<Row>?

    /// Goes on behind a batch.
    func committed(_ batch: LoadedBatch<Row>)

    /// Whether the rows of the batch that was handed out may be changed by others before it is written.
    var isOptimistic: Bool { get }

    /// Ends what reads ahead.
    func discardNext() async
}

extension BatchFeed {
    /// No: the batch's transaction keeps others out.
    var isOptimistic: Bool { false }

    /// Nothing reads ahead.
    func discardNext() async {}
}

extension BatchFeed {
    /// A batch ends behind the row with which it takes this much memory, however few rows it holds.
    var byteBudget: Int { 4 << 20 }
}
