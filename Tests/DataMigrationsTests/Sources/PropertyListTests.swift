import Foundation
import Testing

@testable import DataMigrations

private enum Level: String, Decodable { case low, high }
private enum Rank: Int, Decodable { case only = 7 }

private struct Checked: Decodable {
    init(from decoder: any Decoder) throws {
        guard try decoder.singleValueContainer().decode(String.self) == "yes" else { throw CocoaError(.formatting) }
    }
}

struct PropertyListTests {
    @Test func `the properties of a type are known, and which may be absent`() {
        struct Some: Decodable {
            struct Inner: Decodable { var deep: Int }
            var id: Int
            var level: Level
            var rank: Rank?
            var tags: [String]
            var map: [String: Date]
            var inner: Inner
            var inners: [Inner]?
            var amount: Decimal
        }
        let list = PropertyList(of: Some.self)
        #expect(list.isComplete)
        #expect(list.required == ["id", "level", "tags", "map", "inner", "amount"])
        #expect(list.all.map(\.name) == ["id", "level", "rank", "tags", "map", "inner", "inners", "amount"])
        #expect(PropertyList(of: [String: Rank].self).isComplete)
    }

    @Test func `behind a property that rejects made-up values, others are not known`() {
        struct Some: Decodable {
            var id: Int
            var checked: Checked
            var name: String
        }
        let list = PropertyList(of: Some.self)
        #expect(!list.isComplete)
        #expect(list.required == ["id", "checked"])
    }
}
