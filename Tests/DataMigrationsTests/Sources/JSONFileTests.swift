import Foundation
import Testing

@testable import DataMigrations

private struct Item: Decodable, Equatable, Sendable {
    var id: Int64
    var fullName: String?
}

private struct Money: Decodable, Equatable, Sendable {
    var userID: Int64
    var amount: Decimal
    var paidAt: Date?
}

struct JSONFileTests {
    private func items(_ text: String, at keyPath: String? = nil) async throws -> Everything<Item> {
        let file = try TemporaryFile(text)
        return try await JSONFile<Item>(file.path, at: keyPath).everything(rows: 2)
    }

    private func failure(_ text: String, at keyPath: String? = nil) async throws -> String {
        let file = try TemporaryFile(text, name: "f.json")
        let text = await JSONFile<Item>(file.path, at: keyPath).failure()
        return text.replacing(file.path, with: "f.json")
    }

    @Test func `an array at the top is read, with escapes and surrogate pairs`() async throws {
        let text =
            #"\#u{FEFF} [ {"id":1,"full_name":"a\"]}\\"}, {"fullName":"\ud83d\ude00\u00e4 😀","id":2}, {"id":3} ] "#
        let all = try await items(text)
        #expect(
            all.rows == [
                Item(id: 1, fullName: "a\"]}\\"), Item(id: 2, fullName: "😀ä 😀"), Item(id: 3, fullName: nil),
            ]
        )
        #expect(try await items("[]").rows.isEmpty)
    }

    @Test(arguments: [
        ("a.b", #"{"x":[{"a":1}],"a":{"y":"}","b":[{"id":7}],"z":1},"w":null}"#),
        ("a.b", #"{"a":{"c":[]},"a.b":[{"id":7}]}"#),
        ("a.b", #"{"a":3,"a.b":[{"id":7}]}"#),
        ("a.b.c", #"{"a":{"b":{}, "b.c":[{"id":7}]}}"#),
        ("3166-1", #"{"3166-1":[{"id":7}]}"#),
        ("ä\"", #"{"\u00e4\"":[{"id":7}]}"#),
    ])
    func `an array within objects is found by its keys, also by one with a dot`(path: String, text: String) async throws
    {
        let all = try await items(text, at: path)
        #expect(all.rows == [Item(id: 7)])
    }

    @Test func `a bad element is malformed, and told by the line it starts at`() async throws {
        let text = "[\n{\"id\":1},\n\n  {\"id\":\n\"x\"},{\"id\":2,\"fullName\":tru},\n7, null, {\"id\":3}\n]"
        let file = try TemporaryFile(text)
        let all = try await JSONFile<Item>(file.path).everything()
        #expect(all.rows.map(\.id) == [1, 3])
        #expect(all.malformed.map(\.locator) == ["line 4", "line 5", "line 6", "line 6"])
        #expect(all.malformed.map(\.problem).prefix(2) == ["column id is not of type Int64", "is not valid JSON"])
        #expect(all.malformed[0].original == "{\"id\":\n\"x\"}")
        #expect(all.batches[0].records == [0, 5])
        let reread = try JSONFile<Item>(file.path).stream().reread("{\"id\":5}")
        #expect(reread == Item(id: 5))
    }

    @Test func `damage between elements names the line and the byte`() async throws {
        #expect(
            try await failure("[{\"id\":1}\n {\"id\":2}]")
                == "f.json, line 2, byte 11: a comma is missing between two elements"
        )
        #expect(try await failure("[{\"id\":1},]") == "f.json, line 1, byte 10: an element is missing")
        #expect(try await failure("[,]").contains("byte 1: an element is missing"))
        #expect(
            try await failure("[{\"id\":1},\n{\"id\"").contains(
                "line 2, byte 16: the file ends in the middle of a value"
            )
        )
        #expect(try await failure("[{\"id\":1}").contains("the file ends in the middle of the array"))
        #expect(try await failure("[{\"id\":1]").contains("byte 8: a bracket closes another kind"))
        #expect(try await failure("[{\"id\":1}] x").contains("something behind the end"))
        #expect(try await failure("{\"a\":[{\"id\":1}], \"b\": 1", at: "a").contains("truncated"))
        #expect(try await failure("").contains("is empty"))
    }

    @Test func `a file without the array says what it has instead`() async throws {
        #expect(try await failure("{\"a\":1}").contains("holds an object, not an array: name the array's key with at:"))
        #expect(try await failure("[]", at: "a").contains("holds an array, not an object with the key a"))
        #expect(try await failure("{\"b\":1,\"c\":{}}", at: "a.b").contains("there is no key a.b; the file has: b, c"))
        #expect(
            try await failure("{\"a\":{\"b\":\"x\"}}", at: "a.b").contains("the key a.b holds a string, not an array")
        )
        #expect(try await failure("{\"a\" [1]}", at: "a").contains("byte 5: a colon is missing behind a key"))
        #expect(try await failure("{\"a\":1 \"b\":2}", at: "b").contains("a comma is missing between two keys"))
        #expect(try await failure("{}", at: "b").contains("there is no key b"))
    }

    @Test func `deep nesting neither crashes nor hides what follows`() async throws {
        let deep = String(repeating: "[", count: 1_000_000) + String(repeating: "]", count: 1_000_000)
        let file = try TemporaryFile("{\"skip\":\(deep),\"a\":[\(deep),{\"id\":1}]}")
        let all = try await JSONFile<Item>(file.path, at: "a").everything()
        #expect(all.rows.map(\.id) == [1])
        #expect(all.malformed.count == 1)
    }

    @Test func `numbers are exact and dates are strict`() async throws {
        let text = """
            [{"user_id": 9223372036854775807, "amount": 0.1, "paid_at": "2024-02-29"},
            {"user_id": -9223372036854775808, "amount": 12345678901234567890.123456789, "paid_at": "29.02.2024 07:05"},
            {"userID": 9007199254740993, "amount": 1e-3}, {"user_id": 1, "amount": 1, "paid_at": "2023-02-29"},
            {"user_id": 1, "amount": 1, "paid_at": 5}, {"user_id": 9223372036854775808, "amount": 1}]
            """
        let file = try TemporaryFile(text)
        let source = JSONFile<Money>(file.path, dates: .iso8601, .pattern("dd.MM.yyyy HH:mm"))
        let all = try await source.everything()
        #expect(all.rows.map(\.userID) == [.max, .min, 9_007_199_254_740_993])
        let amounts = ["0.1", "12345678901234567890.123456789", "0.001"].compactMap { Decimal(string: $0) }
        #expect(all.rows.map(\.amount) == amounts)
        let days = all.rows.map { ($0.paidAt?.timeIntervalSince1970 ?? 0) - 1_709_164_800 }
        #expect(days.prefix(2) == [0, 25_500])
        #expect(
            all.problems.prefix(2) == ["line 3: column paidAt is not a date", "line 4: column paidAt is not a date"]
        )
        #expect(all.malformed.count == 3)
    }

    @Test(arguments: [false, true])
    func `reading goes on from every cursor`(zipped: Bool) async throws {
        var random = SplitMix(state: 5)
        var text = "{\"head\": {\"a\": [1, \"]\"]},\n \"rows\": ["
        for id in 0..<60 {
            text += (id == 0 ? "" : [",", " ,\n", ",\n\n"].randomElement(using: &random) ?? ",")
            text += "{\"id\": \(id),\n\"full_name\": \"\(id)\\\"}\"}"
        }
        text += "\n], \"tail\": [[]]}"
        let file = try TemporaryFile(zipped ? gzipped(text.utf8) : Array(text.utf8))
        let source = JSONFile<Item>(file.path, at: "rows")
        let all = try await source.everything(rows: 7)
        #expect(all.rows.map(\.id) == Array(0..<60))
        let lines = all.batches.flatMap { batch in batch.records.map { batch.locator($0) } }
        for (cursor, rows) in all.cursors {
            let rest = try await source.everything(after: cursor, rows: 4)
            #expect(rest.rows == Array(all.rows[rows...]))
            #expect(rest.batches.flatMap { batch in batch.records.map { batch.locator($0) } } == Array(lines[rows...]))
        }
    }

    @Test(arguments: [1, 2, 3, 5, 7, 16])
    func `it does not matter where the chunks of a file end`(chunk: Int) async throws {
        let text =
            #"\#u{FEFF} {"x" : [1, {"]": "\"}"}] , "a":{"b":[ {"id": 1, "full_name":"\\\"]\n"} ,{"id":2}]},"y":-1e5 } "#
        let file = try TemporaryFile(text)
        let reader = try JSONArrayReader<Item>(
            SourceFile(file.path),
            keyPath: "a.b",
            dates: DateFormats([]),
            cursor: nil,
            chunk: chunk
        )
        let all = try await Everything.read(reader, rows: 1)
        #expect(all.rows == [Item(id: 1, fullName: "\\\"]\n"), Item(id: 2)])
        let lines = try TemporaryFile("{\"id\":1}\r\n\r\n7\r\n{\"id\":2}")
        let lineReader = try JSONLinesReader<Item>(
            SourceFile(lines.path),
            dates: DateFormats([]),
            cursor: nil,
            chunk: chunk
        )
        let rest = try await Everything.read(lineReader, rows: 1)
        #expect(rest.rows == [Item(id: 1), Item(id: 2)])
        #expect(rest.malformed.map(\.locator) == ["line 3"])
    }

    @Test func `the countries of iso-codes are read as Python reads them`() async throws {
        struct Country: Codable, Equatable, Sendable {
            var alpha2, alpha3, flag, name, numeric: String
            var officialName, commonName: String?
        }
        let path = "/usr/share/iso-codes/json/iso_3166-1.json"
        let program = """
            import json, sys
            keys = ["alpha_2", "alpha_3", "flag", "name", "numeric", "official_name", "common_name"]
            print(json.dumps([[c.get(k) for k in keys] for c in json.load(open(sys.argv[1], encoding="utf-8"))["3166-1"]]))
            """
        let expected = try JSONDecoder().decode([[String?]].self, from: python(program, path))
        let all = try await JSONFile<Country>(path, at: "3166-1").everything()
        #expect(all.malformed.isEmpty && expected.count > 200)
        let rows = all.rows.map { row -> [String?] in
            [row.alpha2, row.alpha3, row.flag, row.name, row.numeric, row.officialName, row.commonName]
        }
        #expect(rows == expected)
    }
}
