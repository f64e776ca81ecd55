import Foundation
import Testing

@testable import DataMigrations

@Suite("Rows become structs")
struct RowDecoderTests {
    /// A row of named fields.
    private func row(_ fields: KeyValuePairs<String, Value>) -> Rows {
        var rows = Rows(columns: fields.map(\.key))
        for (_, value) in fields { rows.append(value) }
        return rows
    }

    private func decode<T: Decodable>(_ type: T.Type, _ fields: KeyValuePairs<String, Value>) throws -> T {
        try RowDecoder(row(fields), column: Naming.snakeCase).decode(row: 0)
    }

    /// What is wrong with a field for a property `value` of this type.
    private func fault<T: Codable & Sendable>(_ type: T.Type, _ value: Value) throws -> String {
        let error = try #require(throws: DecodingFault.self) { try decode(One<T>.self, ["value": value]) }
        return error.description
    }

    private func read<T: Codable & Equatable>(_ type: T.Type, _ value: Value) throws -> T {
        try decode(One<T>.self, ["value": value]).value
    }

    @Test func eachTypeReadsItsField() throws {
        let (uuid, date) = (UUID(), Date(timeIntervalSince1970: 1_700_000_000.5))
        #expect(try read(Int.self, -5) == -5)
        #expect(try read(Int8.self, 127) == 127)
        #expect(try read(UInt64.self, "18446744073709551615") == .max)
        #expect(try read(Int64.self, .integer(.min)) == .min)
        #expect(try read(Double.self, 0.1) == 0.1)
        #expect(try read(Float.self, 0.5) == 0.5)
        #expect(try read(String.self, "ü") == "ü")
        #expect(try read(Bool.self, 1) == true)
        #expect(try read(Date.self, .date(date)) == date)
        #expect(try read(UUID.self, .uuid(uuid)) == uuid)
        #expect(try read(UUID.self, .blob(withUnsafeBytes(of: uuid.uuid) { [UInt8]($0) })) == uuid)
        #expect(try read(Decimal.self, "12.10") == Decimal(string: "12.1"))
        #expect(try read(Data.self, .blob([0, 1])) == Data([0, 1]))
        #expect(try read([UInt8].self, .blob([0, 1])) == [0, 1])
        #expect(try read(URL.self, "https://example.org/a?b=c") == URL(string: "https://example.org/a?b=c"))
    }

    @Test func whatIsSafeToConvertIsConverted() throws {
        #expect(try read(Int.self, "42") == 42)
        #expect(try read(Int.self, 42.0) == 42)
        #expect(try read(Double.self, 2) == 2)
        #expect(try read(Double.self, "1e3") == 1_000)
        #expect(try read(String.self, 5) == "5")
        #expect(try read(Decimal.self, 12.1) == Decimal(string: "12.1"))
        #expect(try read(Decimal.self, 5) == 5)
        #expect(try read(Date.self, 86_400) == Date(timeIntervalSince1970: 86_400))
        #expect(try read(Date.self, "2024-01-31") == Date(timeIntervalSince1970: 1_706_659_200))
    }

    @Test(
        "a Boolean reads the usual words",
        arguments: [
            ("1", true), ("0", false), ("true", true), ("FALSE", false), ("t", true), ("f", false), ("yes", true),
            ("No", false), ("y", true), ("n", false), ("on", true), ("off", false), (1.0, true), (0, false),
        ] as [(Value, Bool)]
    )
    func bool(_ value: Value, _ expected: Bool) throws { #expect(try read(Bool.self, value) == expected) }

    @Test func aFieldOfTheWrongTypeIsAFaultWithoutItsValue() throws {
        let secret: Value = "s3cret"
        #expect(try fault(Int.self, secret) == "column value is not a whole number that fits Int")
        #expect(try fault(Int.self, 1.5) == "column value is not a whole number that fits Int")
        #expect(try fault(Int8.self, 128) == "column value is not a whole number that fits Int8")
        #expect(try fault(UInt.self, -1) == "column value is not a whole number that fits UInt")
        #expect(try fault(Double.self, secret) == "column value is not a number")
        #expect(try fault(Bool.self, secret) == "column value is neither true nor false")
        #expect(try fault(Bool.self, 2) == "column value is neither true nor false")
        #expect(try fault(Date.self, secret) == "column value is not a date")
        #expect(try fault(Date.self, "2023-02-29") == "column value is not a date")
        #expect(try fault(UUID.self, secret) == "column value is not a UUID")
        #expect(try fault(UUID.self, .blob([1])) == "column value is not a UUID")
        #expect(try fault(Decimal.self, "12,5") == "column value is not a decimal number")
        #expect(try fault(Decimal.self, "12x") == "column value is not a decimal number")
        #expect(try fault(Data.self, 1) == "column value is not binary data")
        #expect(try fault(URL.self, "") == "column value is not a URL")
    }

    @Test func NULLIsAFaultForAPropertyThatMustBeThere() throws {
        #expect(try fault(Int.self, .null) == "column value is missing or NULL")
        #expect(try fault(String.self, .null) == "column value is missing or NULL")
        #expect(try fault(Date.self, .null) == "column value is missing or NULL")
        #expect(try fault([String].self, .null) == "column value is missing or NULL")
        #expect(try fault(Color.self, .null) == "column value is missing or NULL")
    }

    @Test func anOptionalPropertyTakesNULLAndAMissingColumn() throws {
        struct Some: Codable, Equatable {
            var number: Int?
            var text: String?
            var date: Date?
            var color: Color?
            var tags: [String]?
        }
        #expect(try decode(Some.self, ["number": .null, "text": .null, "tags": .null]) == Some())
        let full = try decode(Some.self, ["number": 1, "text": "", "color": "red", "tags": "[]"])
        #expect(full == Some(number: 1, text: "", date: nil, color: .red, tags: []))
    }

    @Test func aMissingColumnIsNamedAsTheDatabaseWouldNameIt() throws {
        struct Post: Codable { var createdAt: String }
        let fault = try #require(throws: DecodingFault.self) { try decode(Post.self, ["id": 1]) }
        #expect(fault.description == "column created_at does not exist")
    }

    @Test func columnsAreFoundInAnyOrderAndOthersAreLeftAlone() throws {
        struct Post: Codable, Equatable { var userId: Int; var title: String }
        #expect(try decode(Post.self, ["x": 0, "title": "t", "user_id": 7]) == Post(userId: 7, title: "t"))
        #expect(try decode(Post.self, ["title": "t", "userId": 7]) == Post(userId: 7, title: "t"))
    }

    @Test func enumerationsReadTheirRawValue() throws {
        #expect(try read(Color.self, "red") == .red)
        #expect(try read(Level.self, 2) == .high)
        #expect(try fault(Color.self, "s3cret") == "column value holds a value that Color does not know")
        #expect(try fault(Level.self, 9) == "column value holds a value that Level does not know")
    }

    @Test func structsListsAndDictionariesReadJSON() throws {
        #expect(try read(Point.self, #"{"x":1,"y":2}"#) == Point(x: 1, y: 2))
        #expect(try read([Point].self, #"[{"x":1,"y":2}]"#) == [Point(x: 1, y: 2)])
        #expect(try read([[Int]].self, "[[1],[2,3],[]]") == [[1], [2, 3], []])
        #expect(try read([String: Int].self, #"{"a":1}"#) == ["a": 1])
        #expect(try fault(Point.self, #"{"x":"s3cret"}"#) == "column value is not the JSON of Point")
        #expect(try fault([Int].self, "s3cret") == "column value is not the JSON of Array<Int>")
    }

    @Test func oneDecoderReadsManyRowsOfOneShape() throws {
        struct Pair: Codable, Equatable { var a: Int; var b: String? }
        var rows = Rows(columns: ["b", "a"])
        for value in ["x", 1, .null, 2, "z", 3] as [Value] { rows.append(value) }
        let decoder = RowDecoder(rows, column: Naming.snakeCase)
        #expect(try decoder.decodeAll(Pair.self) == [Pair(a: 1, b: "x"), Pair(a: 2, b: nil), Pair(a: 3, b: "z")])
    }

    @Test func propertiesThatAreReadInAnotherOrderFindTheirColumns() throws {
        struct Either: Decodable, Equatable {
            enum Key: String, CodingKey { case kind, a, b }
            var text: String
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Key.self)
                let isA = try container.decode(String.self, forKey: .kind) == "a"
                text = try container.decode(String.self, forKey: isA ? .a : .b)
            }
        }
        var rows = Rows(columns: ["kind", "a", "b"])
        for value in ["a", "1", "2", "b", "3", "4", "a", "5", "6"] as [Value] { rows.append(value) }
        let texts = try RowDecoder(rows, column: { $0 }).decodeAll(Either.self).map(\.text)
        #expect(texts == ["1", "4", "5"])
    }

    @Test func rowsThatCannotBeReadAreToldApartFromThoseThatCan() {
        struct Post: Model { var id: Int }
        var rows = Rows(columns: ["id"])
        for value in [1, "x", 3] as [Value] { rows.append(value) }
        let decoded = ModelCoding<Post>.decodeEach(rows, 0..<3)
        #expect(decoded.rows.map(\.id) == [1, 3])
        #expect(decoded.records == [0, 2])
        #expect(decoded.faults.map(\.record) == [1])
    }
}

private struct One<V: Codable>: Codable { var value: V }
private enum Color: String, Codable { case red, green }
private enum Level: Int, Codable {
    case low = 1
    case high
}
private struct Point: Codable, Equatable { var x: Int; var y: Int }
