import DataMigrations
import Foundation

/// J5: moves old orders, with their items as a JSON document, to a table of their own.
struct ArchiveOldOrders: BatchMigration {
    struct Order: Model {
        var id: Int64
        var customerID: Int64
        var total: Decimal
        var status: String
        var createdAt: Date
    }

    struct OrderItem: Model {
        var id: Int64
    }

    struct ArchivedOrder: Model {
        static let primaryKey: [String] = []

        var originalID: Int64
        var customerID: Int64
        var total: Decimal
        var status: String
        /// JSON, as the database made it.
        var items: String
        var createdAt: Date
        var archivedAt: Date
    }

    var options: MigrationOptions {
        MigrationOptions(batchSize: PeerSettings.batchSize, journal: PeerSettings.journal)
    }

    var rows: Query<Order> { Order.where("created_at < \(PeerSettings.cutoff)") }

    func process(_ orders: [Order], _ batch: Batch) async throws {
        let now = Date.now
        let ids = orders.map(\.id)
        let documents = try await items(ofOrders: ids, batch)
        try await batch.insert(
            orders.map { order in
                ArchivedOrder(
                    originalID: order.id,
                    customerID: order.customerID,
                    total: order.total,
                    status: order.status,
                    items: documents[order.id] ?? "[]",
                    createdAt: order.createdAt,
                    archivedAt: now
                )
            }
        )
        try await OrderItem.where("order_id IN \(ids)").deleteAll(in: batch)
        try await batch.deleteRows()
    }

    /// The items of each order that has any, as a JSON array.
    private func items(ofOrders ids: [Int64], _ batch: Batch) async throws -> [Int64: String] {
        let rows = try await batch.query(
            """
            SELECT order_id, json_agg(
                json_build_object('product_id', product_id, 'quantity', quantity, 'price', price) ORDER BY id
            ) AS items
            FROM order_items WHERE order_id IN \(ids) GROUP BY order_id
            """
        )
        var items: [Int64: String] = [:]
        for row in rows {
            if let order = row["order_id"].integer { items[order] = row["items"].text }
        }
        return items
    }
}
