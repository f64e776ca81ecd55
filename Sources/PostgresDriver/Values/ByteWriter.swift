/// Bytes in network order, as the protocol wants them.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    var count: Int { bytes.count }

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

    @inline(__always)
    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    @inline(__always)
    mutating func append(_ integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ buffer: UnsafeRawBufferPointer) { bytes.append(contentsOf: buffer) }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// Writes a length of four bytes, and puts in it how much `body` has written.
    ///
    /// - Returns: what `body` returns; where that is `false`, nothing stays written.
    @inline(__always)
    mutating func withLength(_ body: (inout ByteWriter) -> Bool) -> Bool {
        let start = bytes.count
        append(Int32(0))
        guard body(&self) else {
            bytes.removeLast(bytes.count - start)
            return false
        }
        put(Int32(bytes.count - start - 4), at: start)
        return true
    }

    /// Overwrites four bytes.
    mutating func put(_ integer: Int32, at position: Int) {
        withUnsafeBytes(of: integer.bigEndian) { source in
            for (offset, byte) in source.enumerated() { bytes[position + offset] = byte }
        }
    }
}

/// Reads integers in network order.
extension UnsafeRawBufferPointer {
    @inline(__always)
    func integer<I: FixedWidthInteger>(_ type: I.Type = I.self, at offset: Int = 0) -> I {
        I(bigEndian: loadUnaligned(fromByteOffset: offset, as: I.self))
    }
}
