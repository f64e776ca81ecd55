import DataMigrations
import Foundation

/// A line of an order.
struct OrderItem: Model {
    var id: Int64
    var productID: Int64
    var quantity: Int
    var price: Decimal
}
