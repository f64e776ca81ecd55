import DataMigrations
import Foundation

// The table `items` under each kind of key. Models are static types, so the columns stand in each of them.

/// A row with a number for a key.
struct IntegerItem: Item {
    static let table = "items"
    var id: Int64
    var slot: Int64
    var amount: Int64?
    var small: Int?
    var ratio: Double?
    var price: Decimal?
    var total: Decimal?
    var name: String?
    var code: String?
    var label: String?
    var bytes: Data?
    var flag: Bool?
    var day: Date?
    var moment: Date?
    var stamp: String?
    var token: UUID?
    var raw: String?
    var doc: String?
    var numbers: [Int?]?
    var tags: [String?]?
    var mark: String?
}

/// A row with a text for a key.
struct TextItem: Item {
    static let table = "items"
    var id: String
    var slot: Int64
    var amount: Int64?
    var small: Int?
    var ratio: Double?
    var price: Decimal?
    var total: Decimal?
    var name: String?
    var code: String?
    var label: String?
    var bytes: Data?
    var flag: Bool?
    var day: Date?
    var moment: Date?
    var stamp: String?
    var token: UUID?
    var raw: String?
    var doc: String?
    var numbers: [Int?]?
    var tags: [String?]?
    var mark: String?
}

/// A row with a UUID for a key.
struct UUIDItem: Item {
    static let table = "items"
    var id: UUID
    var slot: Int64
    var amount: Int64?
    var small: Int?
    var ratio: Double?
    var price: Decimal?
    var total: Decimal?
    var name: String?
    var code: String?
    var label: String?
    var bytes: Data?
    var flag: Bool?
    var day: Date?
    var moment: Date?
    var stamp: String?
    var token: UUID?
    var raw: String?
    var doc: String?
    var numbers: [Int?]?
    var tags: [String?]?
    var mark: String?
}

/// A row with a key of two columns.
struct PairItem: Item {
    static let table = "items"
    static let primaryKey = ["region", "number"]
    var region: String
    var number: Int64
    var slot: Int64
    var amount: Int64?
    var small: Int?
    var ratio: Double?
    var price: Decimal?
    var total: Decimal?
    var name: String?
    var code: String?
    var label: String?
    var bytes: Data?
    var flag: Bool?
    var day: Date?
    var moment: Date?
    var stamp: String?
    var token: UUID?
    var raw: String?
    var doc: String?
    var numbers: [Int?]?
    var tags: [String?]?
    var mark: String?
}

/// A row with a key that may be NULL, as SQLite allows it.
struct NullableItem: Item {
    static let table = "items"
    static let isFoundByKey = false
    var id: String?
    var slot: Int64
    var amount: Int64?
    var small: Int?
    var ratio: Double?
    var price: Decimal?
    var total: Decimal?
    var name: String?
    var code: String?
    var label: String?
    var bytes: Data?
    var flag: Bool?
    var day: Date?
    var moment: Date?
    var stamp: String?
    var token: UUID?
    var raw: String?
    var doc: String?
    var numbers: [Int?]?
    var tags: [String?]?
    var mark: String?
}

/// A row without a key.
struct KeylessItem: Item {
    static let table = "items"
    static let primaryKey: [String] = []
    static let isFoundByKey = false
    var slot: Int64
    var amount: Int64?
    var small: Int?
    var ratio: Double?
    var price: Decimal?
    var total: Decimal?
    var name: String?
    var code: String?
    var label: String?
    var bytes: Data?
    var flag: Bool?
    var day: Date?
    var moment: Date?
    var stamp: String?
    var token: UUID?
    var raw: String?
    var doc: String?
    var numbers: [Int?]?
    var tags: [String?]?
    var mark: String?
}
