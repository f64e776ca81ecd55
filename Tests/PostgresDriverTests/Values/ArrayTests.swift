import Database
import Foundation
import Testing

/// Arrays come as the text of JSON arrays, and go as `Value.array` or as JSON.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct ArrayTests {
    /// An array as it is bound, and the list that must come back; `nil` for NULL.
    private typealias Pair<Element> = (value: Value, list: [Element?]?)

    /// Each list in both forms, and NULL.
    private func pairs<Element: Codable>(_ lists: [[Element?]], _ value: (Element) -> Value) throws -> [Pair<Element>] {
        var pairs: [Pair<Element>] = [(.null, nil)]
        for list in lists {
            pairs.append((.array(list.map { $0.map(value) ?? .null }), list))
            let json = String(decoding: try JSONEncoder().encode(list), as: UTF8.self)
            pairs.append((.json(json), list))
        }
        return pairs
    }

    /// Writes and reads arrays; with `isPlain`, in a result that comes as text.
    private func check<Element: Codable & Equatable>(
        _ type: String,
        _ pairs: [Pair<Element>],
        isPlain: Bool = false
    ) async throws {
        try await TestServer.withConnection { connection in
            var trip = RoundTrip(connection: connection, type: type)
            trip.says = "CAST(to_json(field) AS text)"
            let fields = try await trip.fields(pairs.map { $0.value })
            #expect(fields.count == 3 * pairs.count + 240)
            for field in fields {
                let (value, list) = pairs[field.place]
                let what = "\(value) as \(type), written by \(field.way)"
                #expect(try Self.list(field.text, of: Element.self) == list, "\(what), is in the database \(field)")
                let read = isPlain ? field.plain : field.value
                #expect(try Self.list(read.text, of: Element.self) == list, "\(what), came back as \(read)")
            }
        }
    }

    private static func list<Element: Decodable>(_ text: String?, of type: Element.Type) throws -> [Element?]? {
        try text.map { try JSONDecoder().decode([Element?].self, from: Data($0.utf8)) }
    }

    private static let texts: [[String?]] = [
        [], [nil], ["a"], ["a b", "O'Brien", "\"quoted\"", "back\\slash", "comma,brace{}", "", "NULL", "null", nil],
        ["żółw", "日本語", "line\nbreak\ttab", " blank "], ["1", "true"],
        // With an accent behind it, a quote is another `Character`.
        ["\u{301}", "a", "\u{301}b", "\"\u{301}", "\\\u{301}", ",\u{301}", "}\u{301}"],
    ]

    @Test(arguments: ["int2[]", "int4[]"]) func integersComeBack(type: String) async throws {
        try await check(type, pairs([[], [1], [0, -1, nil, 32_767], [nil, nil]]) { .integer($0) })
    }

    @Test func largeIntegersComeBackWhole() async throws {
        try await check("int8[]", pairs([[Int64.min, .max, nil, 1 << 53 + 1]]) { .integer($0) })
    }

    @Test(arguments: ["text[]", "varchar[]"]) func textsComeBackLetterByLetter(type: String) async throws {
        try await check(type, pairs(Self.texts) { .text($0) })
    }

    @Test func booleansComeBackAsBooleans() async throws {
        try await check("bool[]", pairs([[true, false, nil], [], [true]]) { .bool($0) })
    }

    @Test func floatingPointNumbersComeBack() async throws {
        try await check("float8[]", pairs([[0.1, -2.5, nil, 1e300], [1]]) { .double($0) })
    }

    @Test func uuidsComeBackInLowerCase() async throws {
        let uuids = [UUID(), UUID()].map { $0.uuidString.lowercased() }
        try await check("uuid[]", pairs([[uuids[0], nil, uuids[1]], []]) { .text($0) })
        let values = uuids.map { UUID(uuidString: $0).map(Value.uuid) ?? .null }
        let list: [String?] = uuids
        let bound: [Pair<String>] = [(.array(values), list)]
        try await check("uuid[]", bound)
    }

    @Test func exactNumbersOfManyDigitsStayExact() async throws {
        let digits = "12345678901234567890.123"
        try await TestServer.withConnection { connection in
            try await connection.execute("CREATE TABLE items (field numeric[])")
            for value in [Value.json("[\(digits), null]"), .array([.text(digits), .null])] {
                try await connection.execute("INSERT INTO items VALUES (\(value))")
            }
            let found = try await connection.query("SELECT DISTINCT CAST(field AS text) FROM items")
            #expect(found.map { $0[0] } == [.text("{\(digits),NULL}")])
        }
    }

    @Test func arraysOfArraysComeBackAsSuch() async throws {
        let nested: [Pair<[Int]>] = [
            (.array([.array([1, 2]), .array([3, 4])]), [[1, 2], [3, 4]]), (.json("[[5],[6],[7]]"), [[5], [6], [7]]),
        ]
        try await check("int4[]", nested)
    }

    @Test func anArrayOfAnotherLowerBoundIsReadFromItsFirstElement() async throws {
        try await TestServer.withConnection { connection in
            let array: SQL = "CAST('[0:2]={7,8,NULL}' AS int4[])"
            let rows = try await connection.query("SELECT \(array) WHERE 1 = \(1)")
            #expect(rows.map(\.values) == [[.text("[7,8,null]")]])
        }
    }

    // A result comes as text if nothing is bound, or if the driver does not know the type of one of its columns.

    @Test func aResultOfTextHoldsTheSameTexts() async throws {
        try await check("text[]", pairs(Self.texts) { .text($0) }, isPlain: true)
    }

    @Test func aResultOfTextHoldsIntegersToo() async throws {
        try await check("int4[]", pairs([[], [1], [0, -1, nil]]) { .integer($0) }, isPlain: true)
    }

    @Test func aResultOfTextHoldsBooleansToo() async throws {
        try await check("bool[]", pairs([[true, false, nil], []]) { .bool($0) }, isPlain: true)
    }

    @Test func aResultOfTextHoldsNumbersToo() async throws {
        try await check("float8[]", pairs([[0.1, -2.5, nil], []]) { .double($0) }, isPlain: true)
    }
}
