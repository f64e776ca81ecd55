import Foundation
import Testing

@testable import DataMigrations

private struct Triple: Decodable, Equatable, Sendable {
    var x: String?
    var y: String?
    var z: String?

    var fields: [String?] { [x, y, z] }
}

/// A writer of RFC 4180, which quotes where it must and now and then where it need not.
private func write(_ records: [[String?]], using random: inout SplitMix) -> String {
    var text = "x,y,z" + (["\n", "\r\n", "\r"].randomElement(using: &random) ?? "")
    for record in records {
        let fields = record.map { field -> String in
            guard let field else { return "" }
            let mustQuote = field.isEmpty || field.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
            guard mustQuote || Int.random(in: 0..<4, using: &random) == 0 else { return field }
            return "\"" + field.replacing("\"", with: "\"\"") + "\""
        }
        text += fields.joined(separator: ",")
        text += ["\n", "\r\n", "\n", "\r", "\n\n"].randomElement(using: &random) ?? ""
    }
    return text
}

private func randomRecords(_ count: Int, using random: inout SplitMix) -> [[String?]] {
    let pieces = [
        "a", "bc", "\"", ",", "\n", "\r", "\r\n", " ", "ä", "😀", "é", "0", "\t", ";", "long enough to matter",
    ]
    return (0..<count).map { _ in
        (0..<3).map { _ in
            if Int.random(in: 0..<6, using: &random) == 0 { return nil }
            return (0..<Int.random(in: 0..<6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined()
        }
    }
}

struct CSVPropertyTests {
    @Test(arguments: 0..<40)
    func `what was written is read, in batches of any size and on from any cursor`(seed: Int) async throws {
        var random = SplitMix(state: UInt64(seed))
        let records = randomRecords(Int.random(in: 0..<120, using: &random), using: &random)
        let text = (seed % 5 == 0 ? "\u{FEFF}" : "") + write(records, using: &random)
        let bytes = seed % 3 == 0 ? gzipped(text.utf8) : Array(text.utf8)
        let file = try TemporaryFile(bytes)
        let source = CSVFile<Triple>(file.path)
        let all = try await source.everything(rows: Int.random(in: 1...40, using: &random))
        #expect(all.rows.map(\.fields) == records)
        #expect(all.malformed.isEmpty)
        let lines = all.batches.flatMap { batch in batch.records.map { batch.locator($0) } }
        for (cursor, rows) in all.cursors {
            let rest = try await source.everything(after: cursor, rows: 17)
            #expect(rest.rows.map(\.fields) == Array(records[rows...]))
            #expect(rest.batches.flatMap { batch in batch.records.map { batch.locator($0) } } == Array(lines[rows...]))
        }
    }

    @Test(arguments: 0..<20)
    func `it does not matter where the chunks of a file end`(seed: Int) async throws {
        var random = SplitMix(state: UInt64(500 + seed))
        let records = randomRecords(60, using: &random)
        let bytes = Array((write(records, using: &random) + "x\"y\r\n\"a\"b,\"\r\n\",\r\n\"\"\"").utf8)
        let file = try TemporaryFile(seed % 2 == 0 ? bytes : gzipped(bytes))
        let source = CSVFile<Triple>(file.path)
        let whole = try await source.everything()
        #expect(whole.malformed.count == 3)
        for chunk in [1, 2, 3, 5, 7, 16, 33] {
            let reader = try CSVReader<Triple>(
                SourceFile(file.path),
                options: source.options,
                cursor: nil,
                chunk: chunk
            )
            let all = try await Everything.read(reader, rows: 9)
            #expect(all.rows.map(\.fields) == records)
            #expect(all.problems == whole.problems)
            #expect(all.malformed.map(\.original) == whole.malformed.map(\.original))
            #expect(all.cursors.last?.cursor == whole.cursors.last?.cursor)
        }
    }

    @Test(arguments: 0..<20)
    func `random bytes are read as Python's csv module reads them`(seed: Int) async throws {
        var random = SplitMix(state: UInt64(1000 + seed))
        let pieces = ["a", "b", "\"", "\"", "\"\"", ",", ",", "\n", "\r", "\r\n", " ", "ä", "\",\"", "\"\n"]
        var text = "x,y,z\n"
        for _ in 0..<600 { text += pieces.randomElement(using: &random) ?? "" }
        let file = try TemporaryFile(text)
        let program = """
            import csv, json, sys
            rows, count = [], 0
            with open(sys.argv[1], newline="", encoding="utf-8") as file:
                reader = csv.reader(file)
                next(reader)
                for row in reader:
                    if row: rows.append([row, reader.line_num])
            print(json.dumps(rows))
            """
        let output = try JSONSerialization.jsonObject(with: python(program, file.path))
        let expected = try #require(output as? [[Any]])
        let all = try await CSVFile<Triple>(file.path, nullText: nil).everything(rows: 7)
        // Python takes text behind a closing quote, and an open quote at the end; it numbers the line a record ends at.
        var rows = all.rows[...]
        var malformed = all.malformed[...]
        let places = all.batches.flatMap { batch in (0..<batch.count).map { batch.locator($0) } }
        #expect(places.count == expected.count)
        for (place, record) in zip(places, expected) {
            let fields = try #require(record[0] as? [String])
            if malformed.first?.locator == place {
                let problem = malformed.removeFirst().problem
                #expect(fields.count != 3 || !problem.contains("field"))
            } else {
                #expect(rows.popFirst()?.fields == fields)
            }
        }
        #expect(rows.isEmpty && malformed.isEmpty)
    }

    @Test func `the registry of network cards is read as Python reads it`() async throws {
        struct Vendor: Decodable, Sendable {
            var registry: String
            var assignment: String
            var organizationName: String
            var organizationAddress: String
        }
        let path = "/var/lib/ieee-data/oui.csv"
        let program = "import csv,json,sys; print(json.dumps(list(csv.reader(open(sys.argv[1],newline='')))[1:]))"
        let expected = try JSONDecoder().decode([[String]].self, from: python(program, path))
        let all = try await CSVFile<Vendor>(path, nullText: nil).everything()
        #expect(all.malformed.isEmpty)
        #expect(all.rows.count == expected.count && expected.count > 20_000)
        let rows = all.rows.map { [$0.registry, $0.assignment, $0.organizationName, $0.organizationAddress] }
        #expect(rows == expected)
    }
}
