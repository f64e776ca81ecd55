@testable import DataMigrations

/// A file as it is stored, zipped or not: its content does not depend on how it is asked for.
///
/// An input is the file.
enum GunzipTarget {
    /// So much is looked at: some bytes can hold a thousand times as many.
    private static let limit = 1 << 16

    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        let stored = Array(bytes)
        ScratchFile.fill(stored)
        let (content, end) = read(at: 0, by: limit)
        if !stored.starts(with: [0x1f, 0x8b]) {
            require(end == nil && content[...] == stored.prefix(limit), "a plain file is not read as it is")
            checkZipping(stored)
        }
        for count in [1, 7, 4_096] {
            let other = read(at: 0, by: count)
            require((other.end == nil) == (end == nil), "by \(count) bytes, it ends with \(other.end ?? "nothing")")
            // What was unzipped together with damage is not handed out.
            let common = end == nil ? content.count : min(content.count, other.content.count)
            require(other.content.prefix(common) == content.prefix(common), "by \(count) bytes, it is something else")
            if end == nil { require(other.content.count == common, "by \(count) bytes, it has another length") }
        }
        guard end == nil else { return }
        for offset in [0, 1, content.count / 2, content.count] where offset <= content.count {
            let rest = read(at: offset, by: 999)
            require(rest.end == nil, "from byte \(offset) on, it ends with \(rest.end ?? "")")
            let expected = content.dropFirst(offset)
            require(rest.content.prefix(expected.count) == expected, "from byte \(offset) on, it is something else")
        }
        guard content.count < limit else { return }
        require(read(at: content.count + 1, by: 9).end != nil, "there is something behind the end")
    }

    private static func checkZipping(_ content: [UInt8]) {
        let third = content.count / 3
        for parts in [[content], [Array(content[..<third]), Array(content[third...])]] {
            ScratchFile.fill(StoredGzip.file(parts) + [0, 0, 0])
            let (unzipped, end) = read(at: 0, by: limit)
            require(end == nil && unzipped[...] == content.prefix(limit), "what was zipped is not unzipped")
        }
        ScratchFile.fill(content)
    }

    /// Reads from an offset on, and tells the error at which it ended.
    private static func read(at offset: Int, by count: Int) -> (content: [UInt8], end: String?) {
        var content: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { buffer.deallocate() }
        let end = problem {
            let stream = try ByteStream(SourceFile(ScratchFile.path))
            if offset > 0 { try stream.skip(to: offset) }
            while content.count < limit {
                let count = try stream.read(into: buffer)
                if count == 0 { break }
                content += buffer.prefix(min(count, limit - content.count))
                require(stream.position <= offset + content.count || content.count == limit, "the position is ahead")
            }
        }
        return (content, end)
    }
}
