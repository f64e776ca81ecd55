import Foundation

/// Who sends a message.
enum WireSide: Sendable {
    /// The client.
    case frontend
    /// The server.
    case backend
}

/// A message of PostgreSQL's protocol 3, as it stands in the stream.
struct WireMessage: Hashable, Sendable {
    /// The letter that says what it is; `nil` for the packet that a client begins with.
    let type: Character?
    /// All of it, type and length included.
    let bytes: [UInt8]
}

extension WireMessage {
    /// Whether a client asks for TLS, or for encryption by GSSAPI, before it begins.
    var asksForEncryption: Bool {
        guard type == nil, bytes.count == 8 else { return false }
        return [80_877_103, 80_877_104].contains(bytes.suffix(4).reduce(0) { $0 << 8 | Int($1) })
    }

    /// Whether the server ends its answer to this with ReadyForQuery: Query, Sync, FunctionCall.
    var endsRequest: Bool { type == "Q" || type == "S" || type == "F" }

    /// Whether the server answers it as part of what a Sync ends: Parse, Bind, Describe, Execute, Close, Flush.
    var awaitsSync: Bool { type.map { "PBDECH".contains($0) } ?? false }

    /// One of the texts that it begins with, each of which ends with a NUL.
    func text(_ index: Int) -> String? {
        let texts = bytes.dropFirst(5).split(separator: 0, maxSplits: index + 1, omittingEmptySubsequences: false)
        return texts.count > index + 1 ? String(decoding: texts[index], as: UTF8.self) : nil
    }
}
