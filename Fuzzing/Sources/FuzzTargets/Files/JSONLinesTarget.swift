@testable import DataMigrations

/// A file with a JSON value a line: read in any way, it is the same; and each line is what Foundation reads.
///
/// An input is a digit for the form of the file, and the file.
enum JSONLinesTarget {
    private static let dates = DateFormats([.iso8601, .unixSeconds])

    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        let content = FileForm.fill(&input)
        blocking {
            let whole = await checkReading(file(describe: \JSONRow.text))
            require(whole.end == nil, "no line can spoil those behind it: \(whole.end ?? "")")
            for record in whole.records { JSONReading.checkRereading(record, dates: dates) }
            if JSONReading.isComparable(content) { await compareWithFoundation(content) }
        }
    }

    private static func file<Row: Decodable & Sendable>(
        describe: @escaping @Sendable (Row) -> String
    ) -> FileUnderTest<Row> {
        FileUnderTest(
            open: { try JSONLinesReader(SourceFile(ScratchFile.path), dates: dates, cursor: $0, chunk: $1) },
            describe: describe
        )
    }

    private static func compareWithFoundation(_ content: [UInt8]) async {
        let transcript = await Transcript.read(file { (row: AnyJSON) in row.text })
        let blanks = Set(" \t\r".utf8)
        let lines = content.split(separator: .lf).filter { !$0.allSatisfy(blanks.contains) }
        let expected = lines.map { (line) -> String? in (JSONReading.decode(line) as AnyJSON?)?.text }
        require(transcript.records.map { $0.row } == expected, "Foundation reads other lines: \(expected)")
    }
}
