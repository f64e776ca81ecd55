/// Walks over the structure of a JSON text of any size, without looking at the values.
///
/// It keeps what is open in an array of its own, not on the stack: brackets may be nested as deep as they like.
final class JSONScanner {
    let file: SourceFile
    private let window: ByteWindow
    /// The line of the next byte, counted from 1.
    private(set) var line = 1

    init(_ file: SourceFile, chunk: Int = ByteWindow.chunk) throws {
        self.file = file
        window = ByteWindow(try ByteStream(file), chunk: chunk)
        try window.skipByteOrderMark()
    }

    /// Where the next byte lies in the content.
    var offset: Int { window.offset }

    /// How far the file was read, in bytes of the file as it is stored.
    var storedPosition: Int { window.storedPosition }

    /// Goes on at a place.
    func move(to cursor: FileCursor) throws {
        try window.move(to: cursor.offset)
        line = cursor.line
    }

    /// An error at the next byte.
    func error(_ problem: String) -> FileSourceError { file.error(problem, line: line, offset: offset) }

    /// Skips blanks; the byte behind them, `nil` at the end of the file.
    func peek() throws -> UInt8? {
        while true {
            let bytes = window.bytes
            var place = 0
            while place < bytes.count, Self.isBlank(bytes[place]) {
                if bytes[place] == .lf { line += 1 }
                place += 1
            }
            let byte = place < bytes.count ? bytes[place] : nil
            window.consume(place)
            if let byte { return byte }
            if try !window.fill() { return nil }
        }
    }

    /// Skips the byte that ``peek()`` has seen.
    func skip() { window.consume(1) }

    /// Hands the next value's text to `body`, and skips it.
    ///
    /// ``peek()`` has seen its first byte.
    ///
    /// - Throws: ``FileSourceError`` if the value has no end, and what `body` throws.
    func value<T>(_ body: (UnsafeRawBufferPointer) throws -> T) throws -> T {
        var walk = JSONWalk()
        var seen = 0
        while true {
            let bytes = window.bytes
            if let length = try end(&walk, bytes, from: seen) {
                let result = try body(UnsafeRawBufferPointer(rebasing: bytes.prefix(length)))
                window.consume(length)
                line += walk.lines
                return result
            }
            seen = bytes.count
            if try !window.fill() { return try atEnd(&walk, seen, body) }
        }
    }

    /// Skips the next value, however large it is; or, if brackets are open, what is left of it.
    func skipValue(open closers: [UInt8] = []) throws {
        var walk = JSONWalk(open: closers)
        while true {
            let bytes = window.bytes
            let length = try end(&walk, bytes, from: 0)
            line += walk.lines
            walk.lines = 0
            window.consume(length ?? bytes.count)
            if length != nil { return }
            if try !window.fill() { return try atEnd(&walk, 0) { _ in } }
        }
    }

    private func end(_ walk: inout JSONWalk, _ bytes: UnsafeRawBufferPointer, from seen: Int) throws -> Int? {
        switch walk.go(bytes, from: seen) {
        case .goesOn: return nil
        case .ends(let length): return length
        case .mismatch(let place):
            throw file.error(
                "a bracket closes another kind of bracket",
                line: line + walk.lines,
                offset: offset + place
            )
        }
    }

    private func atEnd<T>(
        _ walk: inout JSONWalk,
        _ count: Int,
        _ body: (UnsafeRawBufferPointer) throws -> T
    ) throws -> T {
        // A number or a word may end with the file.
        guard walk.isWord else {
            throw file.error(
                "the file ends in the middle of a value: it is truncated, fetch it again",
                line: line + walk.lines,
                offset: offset + count
            )
        }
        let result = try body(UnsafeRawBufferPointer(rebasing: window.bytes.prefix(count)))
        window.consume(count)
        return result
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == .lf || byte == .cr || byte == UInt8(ascii: "\t")
    }
}
