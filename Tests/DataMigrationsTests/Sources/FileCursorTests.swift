import Foundation
import Testing

@testable import DataMigrations

/// A cursor is text in the ledger: a damaged one is refused, and does no harm.
struct FileCursorTests {
    private static let damaged = [
        "", "offset=1", "line=1", "offset=-1;line=1", "offset=x;line=1", "offset=1;line=9223372036854775808",
        // More lines, or more objects, than there are bytes.
        "offset=4;line=9223372036854775807", "offset=0;line=1;depth=9223372036854775807", "offset=4;line=6",
    ]

    @Test(arguments: damaged) func `a cursor that no file has is refused`(text: String) async throws {
        let file = try TemporaryFile("[1,\n2]\n")
        let refused = "\(file.path): the run's cursor is not one of a file: start the migration anew"
        for source: any BatchSource<Int> in [JSONFile<Int>(file.path), JSONLinesFile<Int>(file.path)] {
            let error = await #expect(throws: FileSourceError.self) { _ = try await source.stream().open(text) }
            #expect(error?.description == refused)
        }
    }

    @Test func `a cursor is read as what it was`() throws {
        for cursor in [FileCursor(offset: 0, line: 1), FileCursor(offset: 7, line: 8, depth: 7)] {
            #expect(try FileCursor(cursor.text, of: SourceFile("rows")) == cursor)
        }
    }
}
