/// Reads a file with one JSON value a line, batch by batch.
final class JSONLinesReader<Row: Decodable & Sendable>: BatchReader {
    private let window: ByteWindow
    private let decoder: JSONRowDecoder<Row>
    private var line = 1

    /// - Throws: ``FileSourceError`` if the file can't be read.
    init(_ file: SourceFile, dates: DateFormats, cursor: String?, chunk: Int = ByteWindow.chunk) throws {
        try dates.check(for: file)
        decoder = JSONRowDecoder(dates)
        window = ByteWindow(try ByteStream(file), chunk: chunk)
        if let cursor {
            let cursor = try FileCursor(cursor, of: file)
            try window.move(to: cursor.offset)
            line = cursor.line
        } else {
            try window.skipByteOrderMark()
        }
    }

    func next(rows limit: Int, bytes: Int) async throws -> SourceBatch<Row>? {
        var block = JSONBlock()
        while block.count < limit, block.byteCount < bytes, let length = try lineLength() {
            let text = window.bytes.prefix(length)
            if !text.allSatisfy(JSONScanner.isBlank) {
                let content = text.last == .cr ? text.dropLast() : text
                block.append(UnsafeRawBufferPointer(rebasing: content), line: line)
            }
            window.consume(min(length + 1, window.bytes.count))
            line += 1
        }
        if block.count == 0 { return nil }
        let cursor = FileCursor(offset: window.offset, line: line)
        return block.batch(decoder, cursor: cursor, position: window.storedPosition)
    }

    /// How many bytes the next line has without its end; `nil` at the end of the file.
    private func lineLength() throws -> Int? {
        var seen = 0
        while true {
            let bytes = window.bytes
            if let end = bytes[seen...].firstIndex(of: .lf) { return end }
            seen = bytes.count
            if try !window.fill() { return seen == 0 ? nil : seen }
        }
    }
}
