// Archive old orders
//
// Purpose: moves orders older than two years, with their items, from the table orders to archived_orders
// Created: 2024-01-05
// Run:     azu db:data:run archive_old_orders
// Test:    swift test --filter ArchiveOldOrdersTests

import DataMigrations
import Foundation

struct ArchiveOldOrders: BatchMigration {
    var rows: Query<Order> { Order.where("created_at < \(Date.now.years(-2))") }

    func process(_ orders: [Order], _ batch: Batch) async throws {
        let items = try await batch.fetch(Order.items, of: orders)
        try await batch.insert(zip(orders, items).map { ArchivedOrder(from: $0, items: $1) })
        try await batch.delete(items.flatMap(\.self))
        try await batch.delete(orders)
    }
}

extension ArchivedOrder {
    fileprivate init(from order: Order, items: [OrderItem]) {
        self.init(
            originalID: order.id,
            customerID: order.customerID,
            total: order.total,
            status: order.status,
            items: items.map { Item(productID: $0.productID, quantity: $0.quantity, price: $0.price) },
            createdAt: order.createdAt,
            archivedAt: .now
        )
    }
}
