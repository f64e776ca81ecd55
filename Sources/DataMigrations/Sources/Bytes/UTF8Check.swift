/// Tells whether bytes are text.
enum UTF8Check {
    @inline(__always)
    static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var seen: UInt8 = 0
        for byte in bytes { seen |= byte }
        return seen < 0x80
    }

    /// Whether the bytes are well-formed UTF-8: no stray or missing continuations, no overlong forms, no surrogates.
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if isASCII(bytes) { return true }
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            index += 1
            if lead < 0x80 { continue }
            guard let (count, second) = continuation(of: lead), index + count <= bytes.count,
                second.contains(bytes[index])
            else { return false }
            for offset in 1..<max(count, 1) where bytes[index + offset] & 0xc0 != 0x80 { return false }
            index += count
        }
        return true
    }

    /// How many bytes follow a first one, and which values the second may have (Unicode 15, table 3-7).
    private static func continuation(of lead: UInt8) -> (count: Int, second: ClosedRange<UInt8>)? {
        switch lead {
        case 0xc2...0xdf: (1, 0x80...0xbf)
        case 0xe0: (2, 0xa0...0xbf)
        case 0xed: (2, 0x80...0x9f)
        case 0xe1...0xef: (2, 0x80...0xbf)
        case 0xf0: (3, 0x90...0xbf)
        case 0xf1...0xf3: (3, 0x80...0xbf)
        case 0xf4: (3, 0x80...0x8f)
        default: nil
        }
    }
}
