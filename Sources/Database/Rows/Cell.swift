/// One field of a result: 16 bytes; text and blobs lie in the byte arena of their ``Rows``.
@usableFromInline
struct Cell: Sendable {
    /// What the payload means.
    @usableFromInline
    enum Kind: UInt8, Sendable {
        case null, integer, double, instant, text, blob
    }

    /// An integer, the bits of a floating point number, microseconds since 1970, or an offset into the arena.
    @usableFromInline var payload: UInt64
    /// The length of a text or blob.
    @usableFromInline var length: UInt32
    @usableFromInline var kind: Kind

    @inlinable
    init(kind: Kind, payload: UInt64 = 0, length: UInt32 = 0) {
        self.payload = payload
        self.length = length
        self.kind = kind
    }
}
