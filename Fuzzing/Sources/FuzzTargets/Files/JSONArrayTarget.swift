@testable import DataMigrations

/// A JSON file that holds an array: read in any way, it is the same; and it is what Foundation reads as a whole.
///
/// An input is a digit for the key path, a digit for the form of the file, and the file.
enum JSONArrayTarget {
    private static let keyPaths: [String?] = [nil, "rows", "data.rows", "a.b.c"]
    private static let dates = DateFormats([.iso8601, .unixMilliseconds])

    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        let keyPath = keyPaths[input.choice(keyPaths.count)]
        let content = FileForm.fill(&input)
        blocking {
            let whole = await checkReading(file(keyPath, describe: \JSONRow.text))
            for record in whole.records { JSONReading.checkRereading(record, dates: dates) }
            if keyPath == nil, JSONReading.isComparable(content) { await compareWithFoundation(content) }
        }
    }

    private static func file<Row: Decodable & Sendable>(
        _ keyPath: String?,
        describe: @escaping @Sendable (Row) -> String
    ) -> FileUnderTest<Row> {
        FileUnderTest(
            open: {
                try JSONArrayReader(
                    SourceFile(ScratchFile.path),
                    keyPath: keyPath,
                    dates: dates,
                    cursor: $0,
                    chunk: $1
                )
            },
            describe: describe
        )
    }

    private static func compareWithFoundation(_ content: [UInt8]) async {
        let transcript = await Transcript.read(file(nil) { (row: AnyJSON) in row.text })
        let rows = transcript.records.map { $0.row ?? "" }
        if let whole: [AnyJSON] = JSONReading.decode(content) {
            // Foundation takes a comma behind the last element, which is no JSON.
            if transcript.end?.hasSuffix("an element is missing") == true { return }
            require(transcript.end == nil, "Foundation reads it, and not: \(transcript.end ?? "")")
            require(rows == whole.map(\.text), "Foundation reads \(whole.map(\.text)), not \(rows)")
        } else {
            let isRefused = transcript.end != nil || transcript.records.contains { $0.row == nil }
            require(isRefused, "Foundation refuses it")
        }
    }
}
