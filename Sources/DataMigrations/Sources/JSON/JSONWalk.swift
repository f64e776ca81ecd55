/// Finds the end of one JSON value in bytes that come in pieces.
struct JSONWalk {
    enum Step {
        case goesOn
        /// The value ends in front of this place.
        case ends(Int)
        /// The byte at this place closes what is not open.
        case mismatch(Int)
    }

    /// How many lines end within what was seen.
    var lines = 0
    /// What closes the brackets that are open.
    private var closers: [UInt8]
    private var isInString = false
    private var isEscaped = false
    /// Whether the value is a number or a word, which end where something else begins.
    private(set) var isWord = false

    /// - Parameter closers: what closes the brackets that are open already, the innermost last.
    init(open closers: [UInt8] = []) { self.closers = closers }

    /// Goes over the bytes from a place on.
    mutating func go(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Step {
        var place = start
        while place < bytes.count {
            let byte = bytes[place]
            if byte == .lf { lines += 1 }
            if isInString {
                inString(byte)
                place += 1
                if !isInString && closers.isEmpty { return .ends(place) }
                continue
            }
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                // In ASCII, a closing bracket comes two behind its opening one.
                if isWord { return end(place, byte) }
                closers.append(byte + 2)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if isWord { return end(place, byte) }
                guard closers.popLast() == byte else { return .mismatch(place) }
                if closers.isEmpty { return .ends(place + 1) }
            case UInt8(ascii: "\""):
                if isWord { return end(place, byte) }
                isInString = true
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                if isWord { return end(place, byte) }
            default:
                if closers.isEmpty {
                    if JSONScanner.isBlank(byte) { return end(place, byte) }
                    isWord = true
                }
            }
            place += 1
        }
        return .goesOn
    }

    @inline(__always)
    private mutating func inString(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
        }
    }

    /// The byte that ends a word belongs to what follows.
    private mutating func end(_ place: Int, _ byte: UInt8) -> Step {
        if byte == .lf { lines -= 1 }
        return .ends(place)
    }
}
