import Foundation
import Testing

@testable import DataMigrations

@Suite("Structs become rows")
struct ModelCodingTests {
    private struct Everything: Model {
        enum Color: String, Codable { case red }
        struct Point: Codable { var y = 2; var x = 1 }
        var id = 1
        var text: String? = "t"
        var isOn = true
        var ratio: Float = 0.5
        var big = UInt64.max
        var date = Date(timeIntervalSince1970: 0)
        var uuid = UUID()
        var price = Decimal(12)
        var data = Data([1])
        var bytes: [UInt8] = [2]
        var color = Color.red
        var point = Point()
        var tags = ["b/c", "a"]
        var website = URL(string: "https://example.org/a")
    }

    @Test func eachPropertyBecomesTheValueOfItsColumn() throws {
        let model = Everything()
        let (columns, values) = try ModelCoding.encode([model])
        #expect(
            columns == [
                "id", "text", "is_on", "ratio", "big", "date", "uuid", "price", "data", "bytes", "color", "point",
                "tags",
                "website",
            ]
        )
        let big = try #require(Decimal(string: "18446744073709551615"))
        #expect(
            values == [
                1, "t", true, 0.5, .decimal(big), .date(model.date), .uuid(model.uuid), .decimal(12), .blob([1]),
                .blob([2]), "red", .json(#"{"x":1,"y":2}"#), .json(#"["b/c","a"]"#), "https://example.org/a",
            ]
        )
    }

    @Test func theColumnsOfAModelAreKnownBeforeThereAreRows() {
        struct Post: Model { var id: Int; var createdAt: Date?; var tags: [String]?; var website: URL }
        #expect(ModelCoding<Post>.columns == ["id", "created_at", "tags", "website"])
    }

    @Test func nilBecomesNULLInItsColumn() throws {
        let (columns, values) = try ModelCoding.encode([Inhabitant(name: "Ada"), Inhabitant(name: "Bob", age: 1)])
        #expect(columns == ["id", "name", "age", "is_active", "city"])
        #expect(values == [.null, "Ada", .null, true, .null, .null, "Bob", 1, true, .null])
    }

    @Test func equalDocumentsAreEqualText() throws {
        struct Post: Model { var id = 1; var counts: [String: Int] }
        let keys = (0..<50).map { "key \($0)" }
        let first = Dictionary(uniqueKeysWithValues: keys.map { ($0, 1) })
        let second = Dictionary(uniqueKeysWithValues: keys.reversed().map { ($0, 1) })
        let values = try ModelCoding.encode([Post(counts: first), Post(counts: second)]).values
        #expect(values[1] == values[3])
    }

    @Test func anEmptyListIsAnEmptyDocumentAndEmptyBytesAreBytes() throws {
        struct Post: Model { var id = 1; var tags: [String] = []; var maybe: [Int]? = []; var bytes: [UInt8] = [] }
        #expect(try ModelCoding.encode([Post()]).values == [1, .json("[]"), .json("[]"), .blob([])])
    }

    @Test func aColumnThatComesUpLateIsNULLInTheRowsBefore() throws {
        let models = [Sparse(a: 1), Sparse(a: 2, b: 20), Sparse(a: 3, c: 30), Sparse(a: 4, b: 40)]
        let (columns, values) = try ModelCoding.encode(models)
        #expect(columns == ["a", "b", "c"])
        #expect(values == [1, .null, .null, 2, 20, .null, 3, .null, 30, 4, 40, .null])
    }

    @Test func theValuesOfSomeColumnsComeInTheOrderAskedFor() throws {
        let people = [Inhabitant(id: 1, name: "Ada", age: 36), Inhabitant(id: 2, name: "Bob")]
        #expect(try ModelCoding.values(of: ["age", "id"], in: people) == [36, 1, .null, 2])
        #expect(throws: ModelError.self) { try ModelCoding.values(of: ["nope"], in: people) }
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let model = Everything()
        let (columns, values) = try ModelCoding.encode([model])
        var rows = Rows(columns: columns)
        for value in values { rows.append(value) }
        let read = try #require(try ModelCoding<Everything>.decode(rows).first)
        #expect(try ModelCoding.encode([read]).values == values)
    }
}

/// Leaves out what it does not have, instead of writing NULL.
private struct Sparse: Model {
    enum CodingKeys: String, CodingKey { case a, b, c }
    var a: Int
    var b: Int?
    var c: Int?

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(a, forKey: .a)
        if let b { try container.encode(b, forKey: .b) }
        if let c { try container.encode(c, forKey: .c) }
    }
}
