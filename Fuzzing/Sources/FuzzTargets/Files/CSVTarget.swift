import Foundation

@testable import DataMigrations

/// A CSV file: read in any way, it is the same; and what was written is read.
///
/// An input is a digit for the dialect, a digit for the form of the file, and the file.
enum CSVTarget {
    private struct Row: Decodable, Sendable {
        var x: String?
        var y: Int64?
        var z: Date?
    }

    private static let dialects: [CSVFile<Row>] = [
        CSVFile(ScratchFile.path),
        CSVFile(ScratchFile.path, delimiter: ";", nullText: nil, ragged: .fill, trim: true),
        CSVFile(ScratchFile.path, delimiter: "\t", nullText: "NULL", header: ["x", "y", "z"]),
        CSVFile(
            ScratchFile.path,
            delimiter: "|",
            quote: "'",
            columns: ["Price (net)": "y"],
            defaults: ["x": "none", "z": "2024-01-31"],
            ragged: .fill
        ),
        CSVFile(
            ScratchFile.path,
            header: ["x", "y", "z"],
            defaults: ["y": "7"],
            dates: .pattern("dd.MM.yyyy HH:mm"),
            .unixSeconds,
            trim: true
        ),
    ]

    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        let kind = input.choice(dialects.count + 1)
        if kind == dialects.count { return checkWriting(&input) }
        let source = dialects[kind]
        _ = FileForm.fill(&input)
        blocking {
            let whole = await checkReading(file(source))
            for record in whole.records { checkRereading(record, source) }
        }
    }

    private static func file(_ source: CSVFile<Row>) -> FileUnderTest<Row> {
        FileUnderTest(
            open: {
                try CSVReader<Row>(SourceFile(ScratchFile.path), options: source.options, cursor: $0, chunk: $1)
            },
            describe: describe
        )
    }

    private static func describe(_ row: Row) -> String { "\(row.x ?? "NULL") \(row.y ?? -1) \(row.z ?? .distantPast)" }

    /// What the quarantine keeps of a record is read as the same row.
    private static func checkRereading(_ record: Transcript.Record, _ source: CSVFile<Row>) {
        // Where the header has none of the columns, each row is of nothing but NULL.
        guard let row = record.row, row != describe(Row()) else { return }
        var again: String?
        let problem = problem {
            again = describe(
                try CSVRecord.reread(
                    record.original,
                    as: Row.self,
                    file: SourceFile(ScratchFile.path),
                    options: source.options
                )
            )
        }
        require(again == row, "\(record.original) is read again as \(again ?? problem ?? "nothing"), not as \(row)")
    }

    // MARK: Writing

    private struct Texts: Decodable, Sendable {
        var x: String?
        var y: String?
    }

    /// Fields of the input, written by the rules of RFC 4180.
    private static func checkWriting(_ input: inout FuzzInput) {
        let ends = ["\n", "\r\n", "\r"]
        var text = "x,y" + ends[input.choice(3)]
        var expected: [String] = []
        while !input.isEmpty {
            let fields: [String?] = (0..<2).map { _ in input.choice(8) == 0 ? nil : input.text(20) }
            let mustQuote = input.choice(2) == 0
            text += fields.map { quoted($0, always: mustQuote) }.joined(separator: ",") + ends[input.choice(3)]
            expected.append(fields.map { $0 ?? "NULL" }.joined(separator: " "))
        }
        ScratchFile.fill(Array(text.utf8))
        let source = CSVFile<Texts>(ScratchFile.path)
        let file = FileUnderTest<Texts>(
            open: { try CSVReader(SourceFile(ScratchFile.path), options: source.options, cursor: $0, chunk: $1) },
            describe: { "\($0.x ?? "NULL") \($0.y ?? "NULL")" }
        )
        let rows = expected
        blocking {
            let whole = await Transcript.read(file, rows: 7)
            require(whole.end == nil, "what was written can't be read: \(whole.end ?? "")")
            require(whole.records.map { $0.row ?? "" } == rows, "what was written is not what is read")
        }
    }

    private static func quoted(_ field: String?, always: Bool) -> String {
        guard let field else { return "" }
        let signs = Set("\",\r\n".utf8)
        guard always || field.isEmpty || field.utf8.contains(where: signs.contains) else { return field }
        return "\""
            + String(decoding: field.utf8.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] }, as: UTF8.self)
            + "\""
    }
}
