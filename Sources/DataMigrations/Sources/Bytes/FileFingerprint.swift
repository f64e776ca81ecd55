import CZlib

/// What identifies a file's content.
enum FileFingerprint {
    /// The size and the CRC-32 of the file as it is stored: `size=123;crc32=9ab30c11`.
    ///
    /// - Throws: ``FileSourceError`` if the file can't be read, `CancellationError`.
    static func of(_ file: SourceFile) throws -> String {
        let stored = try StoredFile(file)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var checksum = crc32(0, nil, 0)
        while true {
            try Task.checkCancellation()
            let count = try stored.read(into: buffer)
            if count == 0 { break }
            checksum = crc32(checksum, buffer.baseAddress?.assumingMemoryBound(to: Bytef.self), uInt(count))
        }
        let digits = String(checksum, radix: 16)
        return "size=\(stored.position);crc32=" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
