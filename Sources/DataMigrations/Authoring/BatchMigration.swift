/// Rows that are taken, a batch at a time, out of a table, a file or another source, to be moved, imported or deleted.
///
///     struct ArchiveOldOrders: BatchMigration {
///         var rows: Query<Order> { Order.where("created_at < \(cutoff)") }
///         func process(_ orders: [Order], _ batch: Batch) async throws {
///             try await batch.insert(orders.map(ArchivedOrder.init(from:)))
///             try await batch.delete(orders)
///         }
///     }
public protocol BatchMigration: DataMigration {
    /// Where the rows come from.
    associatedtype Source: BatchSource

    /// The rows. Values in a query are evaluated once a run and kept for its resumption.
    var rows: Source { get }

    /// Does the work for some rows, in one transaction that also saves how far the run came. What is written through
    /// `batch` is committed with it, or not at all.
    ///
    /// When it throws because of a row's data, it is called again with parts of the batch, until the bad rows stand
    /// alone; so it must not act on anything but the database.
    func process(_ rows: [Source.Row], _ batch: Batch) async throws
}

extension BatchMigration {
    /// Takes every row through `process`.
    public func up(_ migration: MigrationContext) async throws { try await migration.run(self) }
}
