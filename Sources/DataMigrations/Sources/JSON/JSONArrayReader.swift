/// Reads the elements of an array in a JSON file, batch by batch.
final class JSONArrayReader<Row: Decodable & Sendable>: BatchReader {
    private let scanner: JSONScanner
    private let decoder: JSONRowDecoder<Row>
    /// How many objects are open around the array.
    private let depth: Int
    /// Whether an element was read, so that a comma or the end must follow.
    private var isBehindElement: Bool
    private var isAtEnd = false

    /// - Throws: ``FileSourceError`` if the file can't be read, or has no array at the key path.
    init(
        _ file: SourceFile,
        keyPath: String?,
        dates: DateFormats,
        cursor: String?,
        chunk: Int = ByteWindow.chunk
    ) throws {
        try dates.check(for: file)
        decoder = JSONRowDecoder(dates)
        scanner = try JSONScanner(file, chunk: chunk)
        isBehindElement = cursor != nil
        if let cursor {
            let cursor = try FileCursor(cursor, of: file)
            try scanner.move(to: cursor)
            depth = cursor.depth
        } else {
            depth = try JSONArrayFinder.open(scanner, at: keyPath)
        }
    }

    func next(rows limit: Int, bytes: Int) async throws -> SourceBatch<Row>? {
        var block = JSONBlock()
        var cursor = FileCursor(offset: scanner.offset, line: scanner.line, depth: depth)
        while !isAtEnd, block.count < limit, block.byteCount < bytes {
            guard try goToElement() else {
                try finish()
                break
            }
            let line = scanner.line
            try scanner.value { block.append($0, line: line) }
            isBehindElement = true
            cursor = FileCursor(offset: scanner.offset, line: scanner.line, depth: depth)
        }
        if block.count == 0 { return nil }
        return block.batch(decoder, cursor: cursor, position: scanner.storedPosition)
    }

    /// Goes to the next element; `false` in front of the bracket that closes the array.
    private func goToElement() throws -> Bool {
        var byte = try peek()
        if byte == UInt8(ascii: "]") { return false }
        if isBehindElement {
            guard byte == UInt8(ascii: ",") else { throw scanner.error("a comma is missing between two elements") }
            scanner.skip()
            byte = try peek()
        }
        guard ![UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(byte) else {
            throw scanner.error("an element is missing")
        }
        return true
    }

    /// Reads to the file's end: one that was cut off behind the array is not the file that was meant.
    private func finish() throws {
        scanner.skip()
        isAtEnd = true
        if depth > 0 { try scanner.skipValue(open: Array(repeating: UInt8(ascii: "}"), count: depth)) }
        if try scanner.peek() != nil { throw scanner.error("there is something behind the end of the JSON text") }
    }

    private func peek() throws -> UInt8 {
        guard let byte = try scanner.peek() else {
            throw scanner.error("the file ends in the middle of the array: it is truncated, fetch it again")
        }
        return byte
    }
}
