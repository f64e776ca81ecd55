import Foundation

@testable import DataMigrations

/// Python's `csv` module.
enum PythonCSV {
    /// A record as Python reads it.
    struct Record: Decodable {
        var fields: [String]
        /// How many lines there are up to its end.
        var line: Int
    }

    /// Whether there is a Python to ask.
    static let isThere: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import csv"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    private static let program = """
        import base64, csv, io, json, sys
        results = []
        with open(sys.argv[1], encoding="utf-8") as file:
            samples = json.load(file)
        for sample in samples:
            data = io.BytesIO(base64.b64decode(sample["data"]))
            lines = io.TextIOWrapper(data, encoding="utf-8-sig", newline="")
            reader = csv.reader(lines, delimiter=sample["delimiter"], quotechar=sample["quote"])
            results.append([{"fields": row, "line": reader.line_num} for row in reader])
        print(json.dumps(results))
        """

    /// The records of each of the samples.
    static func records(of samples: [CSVSample]) throws -> [[Record]] {
        let list = try TemporaryFile(JSONEncoder().encode(samples), name: "samples.json")
        return try withExtendedLifetime(list) {
            try JSONDecoder().decode([[Record]].self, from: python(program, list.path))
        }
    }
}

/// A CSV file by chance, which both sides understand alike.
struct CSVSample: Encodable, CustomStringConvertible {
    let delimiter: String
    let quote: String
    let data: Data

    var description: String { String(decoding: data, as: UTF8.self).debugDescription }

    /// Makes a file with a header.
    init(columns: [String], using random: inout SplitMix) {
        let delimiter = [",", ";", "\t", "|"].randomElement(using: &random) ?? ","
        let quote = Int.random(in: 0..<5, using: &random) == 0 ? "'" : "\""
        var text = Int.random(in: 0..<4, using: &random) == 0 ? "\u{FEFF}" : ""
        text += columns.map { Bool.random(using: &random) ? $0 : quote + $0 + quote }.joined(separator: delimiter)
        for _ in 0..<Int.random(in: 0..<40, using: &random) {
            text += Self.lineEnd(using: &random)
            // Too few fields and too many, and blank lines.
            let widths = Array(repeating: columns.count, count: 8) + [0, 1, columns.count - 1, columns.count + 1]
            let width = widths.randomElement(using: &random) ?? columns.count
            let fields = (0..<width).map { _ in Self.field(delimiter: delimiter, quote: quote, using: &random) }
            text += fields.joined(separator: delimiter)
        }
        if Bool.random(using: &random) { text += Self.lineEnd(using: &random) }
        data = Data(text.utf8)
        (self.delimiter, self.quote) = (delimiter, quote)
    }

    private static func lineEnd(using random: inout SplitMix) -> String {
        ["\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
    }

    private static let pieces = [
        "a", "bc", "0", " ", "ä", "e\u{301}", "\u{301}", "😀", "日本", "\u{2028}", "\u{85}", "\u{B}", "\u{FEFF}", "\\",
        "#",
        "\"", "'", ",", ";", "\t", "|", "long enough to matter, more or less",
    ]

    private static func field(delimiter: String, quote: String, using random: inout SplitMix) -> String {
        let isQuoted = Bool.random(using: &random)
        let allowed = isQuoted ? pieces + ["\n", "\r", "\r\n", "\n\n", quote, delimiter] : pieces
        let count = Int.random(in: 0..<6, using: &random)
        let text = (0..<count).map { _ in allowed.randomElement(using: &random) ?? "" }.joined()
        // As scalars: with an accent behind it, a quote is another `Character`.
        let scalars = text.unicodeScalars
        if isQuoted {
            let doubled = scalars.map { String($0) == quote ? quote + quote : String($0) }
            return quote + doubled.joined() + quote
        }
        let plain = scalars.map { String($0) }.filter { $0 != delimiter }.joined()
        // A quote is a sign like others, unless the field begins with it.
        return plain.unicodeScalars.first.map { String($0) } == quote ? "x" + plain : plain
    }
}
