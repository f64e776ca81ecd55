import Database
import Foundation

/// Makes choices and values of an input's bytes, from the front; behind its end, all bytes are 0.
struct FuzzInput {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = Array(bytes)[...] }

    var isEmpty: Bool { bytes.isEmpty }

    /// What is left.
    var rest: [UInt8] { Array(bytes) }

    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    /// One of so many choices: `0` is the first one, so that inputs can be written by hand.
    mutating func choice(_ count: Int) -> Int { Int(byte() &- UInt8(ascii: "0")) % count }

    mutating func word() -> UInt64 { (0..<8).reduce(0) { word, _ in word << 8 | UInt64(byte()) } }

    /// A number of any size, the small ones as likely as the large ones.
    mutating func integer() -> Int64 {
        let size = choice(9)
        let word = (0..<size).reduce(UInt64(0)) { word, _ in word << 8 | UInt64(byte()) }
        return size < 8 && byte() & 1 == 1 ? -Int64(bitPattern: word) : Int64(bitPattern: word)
    }

    /// At most so many bytes, their number in front of them.
    mutating func blob(_ limit: Int = 40) -> [UInt8] {
        let blob = Array(bytes.prefix(choice(limit + 1)))
        bytes = bytes.dropFirst(blob.count)
        return blob
    }

    mutating func text(_ limit: Int = 40) -> String { String(decoding: blob(limit), as: UTF8.self) }

    /// Different names.
    mutating func names(_ count: Int) -> [String] { (0..<count).map { "\($0)\(text(8))" } }

    /// A value of any type, lists in lists among them.
    mutating func value(depth: Int = 0) -> Value {
        switch choice(depth < 3 ? 11 : 10) {
        case 0: return .null
        case 1: return .integer(integer())
        case 2: return .double(Double(bitPattern: word()))
        case 3: return .bool(byte() & 1 == 1)
        case 4: return .text(text())
        case 5: return .blob(blob())
        case 6: return .date(date())
        case 7: return .uuid(UUID(uuid: (0, 1, 2, 3, byte(), 5, 6, 7, 8, 9, 10, byte(), 12, 13, 14, 15)))
        case 8: return .json(text())
        case 9:
            let exponent = choice(100) - 50
            return .decimal(
                Decimal(sign: byte() & 1 == 1 ? .minus : .plus, exponent: exponent, significand: Decimal(integer()))
            )
        default: return .array((0..<choice(5)).map { _ in value(depth: depth + 1) })
        }
    }

    /// A date: of our time, or any that is a number.
    mutating func date() -> Date {
        if byte() & 1 == 0 { return Date(timeIntervalSince1970: Double(integer() % (1 << 52)) / 1_000_000) }
        let interval = Double(bitPattern: word())
        return Date(timeIntervalSinceReferenceDate: interval.isNaN ? 0 : interval)
    }
}
