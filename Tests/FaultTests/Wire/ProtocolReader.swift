/// Finds the messages in one direction of a connection, however its bytes are cut into pieces.
///
///     client:  length, code, …           the start, once or, where encryption was asked for and refused, again
///              'Q', length, …            every other message; the length counts itself, and not the type
///     server:  'Z', length, …
struct ProtocolReader {
    /// The bytes are not those of the protocol.
    struct Garbled: Error {}

    private var bytes: [UInt8] = []
    /// Where the next message begins.
    private var position = 0
    /// Whether it is one without a type.
    private var awaitsStart: Bool

    init(_ side: WireSide) { awaitsStart = side == .frontend }

    /// Takes what has arrived.
    mutating func append(_ more: some Sequence<UInt8>) {
        bytes.removeFirst(position)
        position = 0
        bytes.append(contentsOf: more)
    }

    /// The next message; `nil` until all of it is there.
    ///
    /// - Throws: ``Garbled``.
    mutating func next() throws -> WireMessage? {
        let typeSize = awaitsStart ? 0 : 1
        let waiting = bytes[position...]
        guard waiting.count >= typeSize + 4 else { return nil }
        let length = waiting.dropFirst(typeSize).prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length >= 4 else { throw Garbled() }
        guard waiting.count >= typeSize + length else { return nil }
        let message = WireMessage(
            type: awaitsStart ? nil : Character(Unicode.Scalar(waiting[position])),
            bytes: Array(waiting.prefix(typeSize + length))
        )
        position += message.bytes.count
        // A client that was refused encryption begins again.
        if awaitsStart { awaitsStart = message.asksForEncryption }
        return message
    }
}
