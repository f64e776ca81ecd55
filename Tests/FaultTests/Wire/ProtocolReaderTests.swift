import Testing

/// Messages are found in a stream, and known for what they are.
struct ProtocolReaderTests {
    /// A client that is refused encryption, begins, and sends two requests.
    private static let requests: [WireMessage] = [
        WireMessage(nil, [0x04, 0xD2, 0x16, 0x30]), WireMessage(nil, [0x04, 0xD2, 0x16, 0x2F]),
        WireMessage(nil, [0, 3, 0, 0] + Array("user\0shop\0\0".utf8)), WireMessage("Q", "SELECT 1\0"),
        WireMessage("P", "azu_1\0SELECT $1\0\0\0"), WireMessage("S", ""),
        WireMessage("d", String(repeating: "row", count: 200)), WireMessage("X", ""),
    ]

    private static let answers: [WireMessage] = [
        WireMessage("R", [0, 0, 0, 0]), WireMessage("Z", "I"), WireMessage("D", [0, 1, 0, 0, 0, 1, 0x31]),
        WireMessage("D", [0, 1, 0xFF, 0xFF, 0xFF, 0xFF]), WireMessage("C", "SELECT 2\0"), WireMessage("Z", "I"),
    ]

    private static func stream(_ side: WireSide) -> [WireMessage] { side == .frontend ? requests : answers }

    /// The messages that a reader finds, piece by piece.
    private func found(in pieces: [some Sequence<UInt8>], _ side: WireSide) throws -> [WireMessage] {
        var reader = ProtocolReader(side)
        var messages: [WireMessage] = []
        for piece in pieces {
            reader.append(piece)
            while let message = try reader.next() { messages.append(message) }
        }
        return messages
    }

    @Test(arguments: [WireSide.frontend, .backend])
    func aStreamThatIsCutInTwoAnywhereHoldsTheSameMessages(_ side: WireSide) throws {
        let messages = Self.stream(side)
        let bytes = messages.flatMap(\.bytes)
        for cut in 0...bytes.count {
            let found = try self.found(in: [bytes[..<cut], bytes[cut...]], side)
            #expect(found == messages)
        }
    }

    @Test(arguments: [WireSide.frontend, .backend], [1, 2, 3, 4, 5, 7, 64])
    func aStreamInPiecesHoldsTheSameMessages(_ side: WireSide, size: Int) throws {
        let messages = Self.stream(side)
        let bytes = messages.flatMap(\.bytes)
        let pieces = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
        let found = try self.found(in: pieces, side)
        #expect(found == messages)
    }

    @Test func aMessageIsNotHandedOutBeforeAllOfItIsThere() throws {
        let message = WireMessage("Z", "I")
        var reader = ProtocolReader(.backend)
        for byte in message.bytes.dropLast() {
            reader.append([byte])
            let early = try reader.next()
            #expect(early == nil)
        }
        reader.append(message.bytes.suffix(1))
        let found = try reader.next()
        let more = try reader.next()
        #expect(found == message)
        #expect(more == nil)
    }

    @Test func aLengthThatDoesNotCountItselfIsRefused() {
        var reader = ProtocolReader(.backend)
        reader.append([UInt8(ascii: "Z"), 0, 0, 0, 3])
        #expect(throws: ProtocolReader.Garbled.self) { try reader.next() }
    }

    private func kinds(_ messages: [WireMessage], _ side: WireSide) -> [Set<WireFault.Place>] {
        var kinds = MessageKinds(side)
        return messages.map { kinds.kinds(of: $0) }
    }

    @Test func commitIsAQueryOrTheBindOfAStatementThatWasParsedFromIt() {
        let queries = [WireMessage("Q", "COMMIT\0"), WireMessage("Q", "SELECT 'COMMIT'\0")]
        let known: [Set<WireFault.Place>] = [[.commit], []]
        #expect(kinds(queries, .frontend) == known)
        let unnamed = WireMessage("B", "\0\0\0\0\0\0\0\0")
        let named = WireMessage("B", "portal\0end\0\0\0\0\0\0\0")
        let messages = [
            WireMessage("P", "\0COMMIT\0\0\0"), unnamed, WireMessage("P", "end\0 commit; \0\0\0"),
            WireMessage("P", "\0SELECT 1\0\0\0"), unnamed, named, WireMessage("E", "\0\0\0\0\0"),
        ]
        let expected: [Set<WireFault.Place>] = [
            [.parse], [.bind, .commit], [.parse], [.parse], [.bind], [.bind, .commit], [.execute],
        ]
        #expect(kinds(messages, .frontend) == expected)
    }

    @Test func theSameLetterIsAnotherMessageFromTheOtherSide() {
        let messages = [WireMessage("D", "S\0"), WireMessage("d", "row")]
        let requests: [Set<WireFault.Place>] = [[], [.copyData]]
        let answers: [Set<WireFault.Place>] = [[.dataRow], []]
        #expect(kinds(messages, .frontend) == requests)
        #expect(kinds(messages, .backend) == answers)
    }
}

extension WireMessage {
    fileprivate init(_ type: Character?, _ content: [UInt8]) {
        var bytes: [UInt8] = []
        if let letter = type?.asciiValue { bytes.append(letter) }
        withUnsafeBytes(of: UInt32(content.count + 4).bigEndian) { bytes.append(contentsOf: $0) }
        self.init(type: type, bytes: bytes + content)
    }

    fileprivate init(_ type: Character?, _ content: String) { self.init(type, Array(content.utf8)) }
}
