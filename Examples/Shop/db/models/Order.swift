import DataMigrations
import Foundation

/// What somebody bought.
struct Order: Model {
    var id: Int64
    var customerID: Int64
    var total: Decimal
    var status: String
    var createdAt: Date

    static let items = hasMany(OrderItem.self, foreignKey: "order_id")
}
