import CZlib

/// Unzips a gzip file: its members, one after the other, are one stream.
final class Gunzip {
    private let source: StoredFile
    private let input: UnsafeMutableRawBufferPointer
    /// zlib keeps a pointer to its state's owner, so that must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var place = Place.betweenMembers

    private enum Place {
        case betweenMembers, inMember, atEnd
    }

    init(_ source: StoredFile) throws {
        self.source = source
        input = .allocate(byteCount: 1 << 16, alignment: 16)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard azu_inflate_init_gzip(stream) == Z_OK else {
            throw source.file.error("can't be unzipped: zlib could not be set up")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// How many bytes of the stored file were unzipped.
    var storedPosition: Int { source.position - Int(stream.pointee.avail_in) }

    /// Unzips what comes next, at most as much as the buffer takes; 0 bytes at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let capacity = min(buffer.count, Int(UInt32.max))
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: Bytef.self)
        stream.pointee.avail_out = uInt(capacity)
        while place != .atEnd {
            if place == .betweenMembers { try startMember() } else { try inflateSome() }
            let count = capacity - Int(stream.pointee.avail_out)
            if count > 0 { return count }
        }
        return 0
    }

    private func inflateSome() throws {
        guard try refill() else {
            throw source.file.error("ends in the middle of its gzip data: the file is truncated, fetch it again")
        }
        switch inflate(stream, Z_NO_FLUSH) {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: place = .betweenMembers
        case Z_MEM_ERROR: throw source.file.error("can't be unzipped: there is not enough memory")
        default:
            throw source.file.error("its gzip data are damaged at about byte \(storedPosition): fetch the file again")
        }
    }

    private func startMember() throws {
        guard try refill() else {
            place = .atEnd
            return
        }
        if stream.pointee.next_in.pointee == 0 { return try skipPadding() }
        inflateReset(stream)
        place = .inMember
    }

    /// Tapes and some tools pad with zeros.
    private func skipPadding() throws {
        while try refill() {
            guard stream.pointee.next_in.pointee == 0 else {
                throw source.file.error("has other data behind its gzip data, from byte \(storedPosition) on")
            }
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        }
        place = .atEnd
    }

    /// Whether there is input, which is read if need be.
    private func refill() throws -> Bool {
        if stream.pointee.avail_in > 0 { return true }
        let count = try source.read(into: input)
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: Bytef.self)
        stream.pointee.avail_in = uInt(count)
        return count > 0
    }
}
