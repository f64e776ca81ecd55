/// The content of a file from front to back, unzipped where it is gzip's by its first two bytes.
final class ByteStream {
    let file: SourceFile
    private let stored: StoredFile
    private let gunzip: Gunzip?
    /// How many bytes of the content were read or skipped.
    private(set) var position = 0

    /// - Throws: ``FileSourceError`` if there is no such file, or it can't be read.
    init(_ file: SourceFile) throws {
        self.file = file
        stored = try StoredFile(file)
        gunzip = try stored.isGzip() ? Gunzip(stored) : nil
    }

    /// Whether a place in the content is the same place in the file.
    var isStoredAsIs: Bool { gunzip == nil }

    /// How far the file was read, in bytes of the file as it is stored.
    var storedPosition: Int { gunzip?.storedPosition ?? stored.position }

    /// Reads what comes next, at most as much as the buffer takes; 0 bytes at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try gunzip?.read(into: buffer) ?? stored.read(into: buffer)
        position += count
        return count
    }

    /// Goes on at an offset in the content, which lies ahead if the file is zipped.
    func skip(to offset: Int) throws {
        guard gunzip != nil else {
            guard offset <= stored.size else { throw tooShort(offset) }
            try stored.seek(to: offset)
            position = offset
            return
        }
        guard offset >= position else {
            throw file.error("can't be unzipped from byte \(offset) on: it was read past it")
        }
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { scratch.deallocate() }
        while position < offset {
            try Task.checkCancellation()
            let wanted = UnsafeMutableRawBufferPointer(rebasing: scratch.prefix(offset - position))
            if try read(into: wanted) == 0 { throw tooShort(offset) }
        }
    }

    private func tooShort(_ offset: Int) -> FileSourceError {
        file.error("ends before byte \(offset), where the run stopped: it is not the file that the run began with")
    }
}
