import Database
import Foundation

@testable import DataMigrations

/// Cursors as the ledger keeps them: a damaged one is refused, or reads something else; it does no harm.
///
/// An input is a digit for the kind of cursor, and its text.
enum CursorsTarget {
    private static let csv = Array("x,y\n1,\"2\n3\"\r\n4,5\n\n\"6,7\n8".utf8)
    private static let json = Array(#"{"a":{"b":[{"x":1}, [2,"]"], 3],"c":4}}"#.utf8)

    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        let kind = input.choice(4)
        let isZipped = input.choice(2) == 1
        let text = String(decoding: input.rest, as: UTF8.self)
        if kind == 3 { return checkPosition(text) }
        let file = SourceFile(ScratchFile.path)
        if let cursor = try? FileCursor(text, of: file) {
            let again = try? FileCursor(cursor.text, of: file)
            require(again == cursor, "\(cursor) is read as \(again.map { "\($0)" } ?? "nothing")")
        }
        let content = kind == 0 ? csv : json
        ScratchFile.fill(isZipped ? StoredGzip.file([content]) : content)
        let dates = DateFormats([])
        let reading = FileUnderTest<AnyJSON>(
            open: { cursor, chunk in
                switch kind {
                case 0:
                    let options = CSVFile<AnyJSON>(ScratchFile.path).options
                    return try CSVReader<AnyJSON>(file, options: options, cursor: cursor, chunk: chunk)
                case 1: return try JSONArrayReader(file, keyPath: "a.b", dates: dates, cursor: cursor, chunk: chunk)
                default: return try JSONLinesReader(file, dates: dates, cursor: cursor, chunk: chunk)
                }
            },
            describe: { $0.text }
        )
        blocking {
            for chunk in [1, 4_096] { _ = await Transcript.read(reading, after: text, chunk: chunk) }
        }
    }

    /// The place of a row in a table without a key, by itself and as the ledger keeps it.
    private static func checkPosition(_ text: String) {
        let values = StoredValue.values(of: text) ?? [.text(text)]
        guard let position = BlockPosition(values), position.block < 1 << 32 else { return }
        // What a walk goes on from.
        let next = BlockPosition(position.block + 1)
        let again = StoredValue.values(of: next.stored).flatMap(BlockPosition.init)
        require(again == next, "\(next.text) is read as \(again?.text ?? "nothing")")
    }
}
