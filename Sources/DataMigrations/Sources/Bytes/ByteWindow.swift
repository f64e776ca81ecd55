/// The part of a file's content that is being looked at: it slides over the file, and grows where a record needs it.
final class ByteWindow {
    /// Longer records are taken for a mistake: one quote too many would make a record of the rest of the file.
    static let longestRecord = 64 << 20
    /// How much is read at once.
    static let chunk = 1 << 18

    private let stream: ByteStream
    private let limit: Int
    // These are asked for each record. None is passed `inout`, so there is no overlapping access to be checked for.
    @exclusivity(unchecked) private var buffer: UnsafeMutableRawBufferPointer
    @exclusivity(unchecked) private var start = 0
    @exclusivity(unchecked) private var end = 0
    /// Whether the file ends where the window does.
    @exclusivity(unchecked) private(set) var reachesEnd = false
    /// Whether all of the bytes are ASCII, as far as that is known; so text need not be looked at again.
    @exclusivity(unchecked) private(set) var isASCII = true

    init(_ stream: ByteStream, chunk: Int = chunk, limit: Int = longestRecord) {
        self.stream = stream
        self.limit = limit
        buffer = .allocate(byteCount: chunk, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// The bytes, valid until the window is moved.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[start..<end]) }

    /// Where the window starts in the content.
    var offset: Int { stream.position - (end - start) }

    /// How far the file was read, in bytes of the file as it is stored.
    var storedPosition: Int { stream.isStoredAsIs ? offset : stream.storedPosition }

    /// Moves the window's start.
    func consume(_ count: Int) { start += count }

    /// Reads on behind the window's end.
    ///
    /// - Returns: whether there was more.
    /// - Throws: ``FileSourceError`` if the file can't be read, or the window would become too large.
    func fill() throws -> Bool {
        if reachesEnd { return false }
        makeRoom()
        guard end < limit else {
            throw stream.file.error(
                "a record is longer than \(limit >> 20) MiB: a closing quote or bracket is probably missing",
                offset: offset
            )
        }
        let count = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
        if start == 0 && end == 0 { isASCII = true }
        isASCII = isASCII && UTF8Check.isASCII(UnsafeRawBufferPointer(rebasing: buffer[end..<end + count]))
        end += count
        reachesEnd = count == 0
        return count > 0
    }

    /// Goes on at an offset in the content, which lies at or behind the window's end if the file is zipped.
    func move(to offset: Int) throws {
        if offset >= self.offset && offset <= stream.position {
            start += offset - self.offset
            return
        }
        (start, end, reachesEnd) = (0, 0, false)
        try stream.skip(to: offset)
    }

    private func makeRoom() {
        if start > 0 {
            buffer.copyMemory(from: bytes)
            (start, end) = (0, end - start)
        }
        guard end == buffer.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
        buffer.deallocate()
        buffer = larger
    }

    /// Skips the mark that some programs put in front of UTF-8.
    func skipByteOrderMark() throws {
        while bytes.count < 3, try fill() {}
        if bytes.count >= 3, bytes[0] == 0xef, bytes[1] == 0xbb, bytes[2] == 0xbf { consume(3) }
    }
}
