/// The SHA-256 hash function of FIPS 180-4, in plain Swift.
///
/// The registry tool computes checksums of migration files, and every user's build compiles that tool first. A
/// cryptography package would add a minute to each of those builds for these hundred lines. They are a checksum, to tell
/// whether a file changed: nothing secret goes through them, and they are not hardened for that.
///
///     var hash = SHA256()
///     hash.update(part)
///     hash.update(nextPart)
///     hash.hexDigest          // "ba7816bf…"
public struct SHA256: Sendable {
    private static let blockSize = 64

    private var state = Self.initialState
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0

    /// Starts a hash.
    public init() { pending.reserveCapacity(Self.blockSize) }

    /// The hash of `bytes` as 64 hexadecimal digits.
    public static func hex(of bytes: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.hexDigest
    }

    /// Adds bytes.
    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount += UInt64(bytes.count)
        var start = 0
        if !pending.isEmpty {
            start = min(Self.blockSize - pending.count, bytes.count)
            pending.append(contentsOf: bytes[..<start])
            guard pending.count == Self.blockSize else { return }
            pending.withUnsafeBytes { Self.compress($0, into: &state) }
            pending.removeAll(keepingCapacity: true)
        }
        while bytes.count - start >= Self.blockSize {
            Self.compress(UnsafeRawBufferPointer(rebasing: bytes[start..<start + Self.blockSize]), into: &state)
            start += Self.blockSize
        }
        pending.append(contentsOf: bytes[start...])
    }

    /// The 32 bytes of the hash of what was added so far; more can be added afterwards.
    public var digest: [UInt8] {
        var copy = self
        // A one bit, zeros up to 8 bytes short of a block, and the length in bits.
        var padding: [UInt8] = [0x80]
        let used = (pending.count + 1) % Self.blockSize
        padding += [UInt8](repeating: 0, count: (Self.blockSize + Self.blockSize - 8 - used) % Self.blockSize)
        padding += Self.bigEndianBytes(byteCount &* 8)
        copy.update(padding)
        return copy.state.flatMap(Self.bigEndianBytes)
    }

    /// The hash of what was added so far as 64 hexadecimal digits.
    public var hexDigest: String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bigEndianBytes(_ word: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: word.bigEndian) { [UInt8]($0) }
    }
}
