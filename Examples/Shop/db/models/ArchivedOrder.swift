import DataMigrations
import Foundation

/// An order that is only looked at: its lines are a JSON document in it.
struct ArchivedOrder: Model {
    struct Item: Codable {
        var productID: Int64
        var quantity: Int
        var price: Decimal

        enum CodingKeys: String, CodingKey {
            case productID = "product_id"
            case quantity
            case price
        }
    }

    var originalID: Int64
    var customerID: Int64
    var total: Decimal
    var status: String
    var items: [Item]
    var createdAt: Date
    var archivedAt: Date
}
