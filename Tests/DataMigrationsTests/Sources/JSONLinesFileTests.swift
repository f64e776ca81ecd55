import Foundation
import Testing

@testable import DataMigrations

private struct Item: Decodable, Equatable, Sendable {
    var id: Int
}

struct JSONLinesFileTests {
    @Test func `each line is a value, blank lines and CRLF are fine, a bad line is malformed`() async throws {
        let file = try TemporaryFile(
            Array("\u{FEFF}{\"id\":1}\r\n\n \t\r\n{\"id\":2}\n{\"id\":3\n[]\n{\"id\":\"x\"}\n{\"id\":4,\"a\":\"".utf8)
                + [0xff]
                + Array("\"}\n{\"id\":5}".utf8)
        )
        let source = JSONLinesFile<Item>(file.path)
        let all = try await source.everything(rows: 2)
        #expect(all.rows.map(\.id) == [1, 2, 5])
        #expect(all.malformed.map(\.locator) == ["line 5", "line 6", "line 7", "line 8"])
        #expect(all.problems[0] == "line 5: is not valid JSON")
        #expect(all.problems[3] == "line 8: is not UTF-8")
        #expect(all.malformed[2].original == "{\"id\":\"x\"}")
        for (cursor, rows) in all.cursors {
            let rest = try await source.everything(after: cursor)
            #expect(rest.rows == Array(all.rows[rows...]))
        }
        #expect(try source.stream().reread("{\"id\":9}") == Item(id: 9))
        #expect(throws: DecodingFault.self) { try source.stream().reread("{\"id\":9") }
    }

    @Test func `Python's json lines are read equal, zipped or not`() async throws {
        struct Line: Codable, Equatable, Sendable {
            var number: Int64
            var decimal: Decimal
            var text: String
            var list: [[String: Int?]]
        }
        let program = """
            import json, random
            random.seed(7)
            for i in range(2000):
                print(json.dumps({"number": random.randint(-2**63, 2**63 - 1), "decimal": i / 8,
                    "text": "".join(chr(random.choice([0, 10, 34, 92, 228, 0x1f600, 97])) for _ in range(9)),
                    "list": [{"a": i, "b": None}]}, ensure_ascii=i % 2 == 0))
            """
        let output = try python(program)
        let decoder = JSONDecoder()
        let expected = try output.split(separator: 10).map { try decoder.decode(Line.self, from: Data($0)) }
        let half = output.count / 2
        let zipped = try TemporaryFile(gzipped(output.prefix(half)) + gzipped(output.suffix(from: half)), name: "l.gz")
        let plain = try TemporaryFile(output)
        for path in [plain.path, zipped.path] {
            let all = try await JSONLinesFile<Line>(path).everything(rows: 300)
            #expect(all.rows == expected)
            #expect(all.malformed.isEmpty)
        }
    }
}
