import DataMigrations
import Foundation
import TestSupport

/// A row of the table `items`, whatever its key is.
protocol Item: Model {
    /// Whether a row can be written by the model's own key.
    static var isFoundByKey: Bool { get }

    /// Unique, and what a random choice about the row is made of.
    var slot: Int64 { get set }
    var amount: Int64? { get set }
    var small: Int? { get set }
    var ratio: Double? { get set }
    var price: Decimal? { get set }
    var total: Decimal? { get set }
    var name: String? { get set }
    var code: String? { get set }
    var label: String? { get set }
    var bytes: Data? { get set }
    var flag: Bool? { get set }
    var day: Date? { get set }
    var moment: Date? { get set }
    var stamp: String? { get set }
    var token: UUID? { get set }
    var raw: String? { get set }
    var doc: String? { get set }
    var numbers: [Int?]? { get set }
    var tags: [String?]? { get set }
    var mark: String? { get set }
}

extension Item {
    static var isFoundByKey: Bool { true }
}

/// What is done to a column of a row.
struct Edit: Sendable {
    var column: String
    /// Whether it becomes NULL.
    var clears: Bool
}

extension Item {
    /// Changes columns of the row.
    mutating func apply(_ edits: [Edit], using random: inout SplitMix) {
        for edit in edits {
            if edit.clears { clear(edit.column) } else { change(edit.column, using: &random) }
        }
    }

    private mutating func change(_ column: String, using random: inout SplitMix) {
        let number = random.below(1_000)
        switch column {
        case "amount": amount = Int64(truncatingIfNeeded: random.next())
        case "small": small = (small ?? 0) / 2 + number
        case "ratio": ratio = -(ratio ?? 1) / 3
        case "price": price = (price ?? 0) + 1
        case "total": total = (total ?? 0) + 1
        case "name": name = respelled(name, isLonger: number < 500)
        case "code": code = String((code ?? "x").reversed())
        case "label": label = "\(number)-" + (label ?? "").lowercased()
        case "bytes": bytes = Data((bytes ?? Data()).reversed()) + Data([7])
        case "flag": flag = !(flag ?? false)
        case "day": day = (day ?? Date(timeIntervalSince1970: 0)).addingTimeInterval(-86_400)
        case "moment": moment = (moment ?? Date(timeIntervalSince1970: 0)).addingTimeInterval(-3_600.5)
        case "stamp": stamp = "2001-02-03 04:05:06.789"
        case "token": token = UUID(uuidString: random.uuid())
        case "raw": raw = #"{"changed":  \#(number)}"#
        case "doc": doc = #"{"changed": \#(number)}"#
        case "numbers": numbers = [1, nil, number]
        case "tags": tags = (tags ?? []) + ["new \"tag\"", nil]
        default: mark = "changed \(number)"
        }
    }

    /// The same letters in other bytes, or more of them.
    private func respelled(_ text: String?, isLonger: Bool) -> String {
        let text = text ?? "é"
        return isLonger ? text + "!" : text.decomposedStringWithCanonicalMapping
    }

    private mutating func clear(_ column: String) {
        switch column {
        case "amount": amount = nil
        case "small": small = nil
        case "ratio": ratio = nil
        case "price": price = nil
        case "total": total = nil
        case "name": name = nil
        case "code": code = nil
        case "label": label = nil
        case "bytes": bytes = nil
        case "flag": flag = nil
        case "day": day = nil
        case "moment": moment = nil
        case "stamp": stamp = nil
        case "token": token = nil
        case "raw": raw = nil
        case "doc": doc = nil
        case "numbers": numbers = nil
        case "tags": tags = nil
        default: mark = nil
        }
    }
}
