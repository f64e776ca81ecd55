/// One direction of a connection through the proxy: reads messages, and passes them on or does to them what the fault
/// says.
struct WirePump {
    private let side: WireSide
    private let source: WireSocket
    private let target: WireSocket
    private let link: WireLink
    private let trigger: FaultTrigger
    private var reader: ProtocolReader
    private var kinds: MessageKinds
    /// What is to be passed on.
    private var waiting: [UInt8] = []

    init(_ side: WireSide, from source: WireSocket, to target: WireSocket, link: WireLink, trigger: FaultTrigger) {
        self.side = side
        self.source = source
        self.target = target
        self.link = link
        self.trigger = trigger
        reader = ProtocolReader(side)
        kinds = MessageKinds(side)
    }

    /// Goes on until one of the sides ends.
    mutating func run() {
        while !link.isCut {
            guard let bytes = source.read() else { return link.end(side, isReset: true) }
            guard !bytes.isEmpty else { return link.end(side, isReset: false) }
            reader.append(bytes)
            do {
                while let message = try reader.next() { take(message) }
            } catch {
                return link.cut()
            }
            passOn()
        }
    }

    private mutating func take(_ message: WireMessage) {
        if message.asksForEncryption {
            // No message could be found in what is encrypted, so this is not for the server to decide.
            _ = source.write([UInt8(ascii: "N")], unless: { true })
            return
        }
        link.count(message, from: side)
        guard let action = trigger.strike(kinds.kinds(of: message)) else {
            waiting += message.bytes
            return
        }
        switch action {
        case .cutBefore:
            passOn()
            link.cut()
        case .cutInside:
            waiting += message.bytes.prefix(message.bytes.count / 2)
            passOn()
            link.cut()
        case .cutAfter:
            waiting += message.bytes
            if side == .frontend { return link.loseAnswer(to: message) }
            passOn()
            link.cut()
        case .stall(let duration):
            passOn()
            link.pause(duration)
            waiting += message.bytes
        case .blackhole:
            passOn()
            link.blackhole()
        }
    }

    private mutating func passOn() {
        defer { waiting = [] }
        guard !waiting.isEmpty, link.passes(side) else { return }
        if !target.write(waiting, unless: { link.isCut }) { link.cut() }
    }
}
