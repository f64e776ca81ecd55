import Foundation
import Synchronization

/// A client's connection to the proxy, and the one to the server that stands behind it.
final class WireLink: Sendable {
    private enum Phase {
        case open
        /// What the server answers is dropped; once it has given this many answers, the connection is cut.
        case losingAnswers(last: Int)
        case blackholed
        case cut
    }

    private struct State {
        var phase = Phase.open
        /// How many answers that end with ReadyForQuery the server has to give: the first is that to the start.
        var requests = 1
        /// How many it has given.
        var answers = 0
        /// How many directions are at work.
        var pumps = 2
    }

    /// How long a server takes to find out that the client it can't reach has given up.
    ///
    /// That may take minutes, or hours, by TCP's keepalive; or as long as the session may be idle in a transaction.
    private static let keepalive = Duration.seconds(2)

    private let client: WireSocket
    private let server: WireSocket
    private let state = Mutex(State())

    init(_ client: WireSocket, _ server: WireSocket) {
        self.client = client
        self.server = server
    }

    /// Passes messages on, on a thread for each direction.
    func start(_ trigger: FaultTrigger) {
        for side in [WireSide.frontend, .backend] {
            let (source, target) = side == .frontend ? (client, server) : (server, client)
            Thread.detachNewThread { [self] in
                var pump = WirePump(side, from: source, to: target, link: self, trigger: trigger)
                pump.run()
                leave()
            }
        }
    }

    private func leave() {
        state.withLock { state in
            state.pumps -= 1
            guard state.pumps == 0 else { return }
            client.finish()
            server.finish()
        }
    }

    // MARK: What becomes of messages

    /// Counts requests, before they are passed on, and answers; cuts the connection behind the last one to be lost.
    func count(_ message: WireMessage, from side: WireSide) {
        let isOver = state.withLock { state in
            if side == .frontend, message.endsRequest { state.requests += 1 }
            if side == .backend, message.type == "Z" { state.answers += 1 }
            guard case .losingAnswers(let last) = state.phase else { return false }
            return state.answers >= last
        }
        if isOver { cut() }
    }

    /// Whether what a side sends gets to the other one.
    func passes(_ side: WireSide) -> Bool {
        switch state.withLock({ $0.phase }) {
        case .open: true
        case .losingAnswers: side == .frontend
        case .blackholed, .cut: false
        }
    }

    /// Has the request that a message of the client belongs to done, and its answer lost.
    func loseAnswer(to message: WireMessage) {
        state.withLock { state in
            guard case .open = state.phase else { return }
            // A piece of COPY belongs to a Query that was counted before.
            state.phase = .losingAnswers(last: state.requests + (message.awaitsSync ? 1 : 0))
        }
    }

    /// Lets nothing through any more, and tells nobody.
    func blackhole() {
        state.withLock { state in
            if case .open = state.phase { state.phase = .blackholed }
        }
    }

    /// Waits, unless the connection is cut meanwhile.
    func pause(_ duration: Duration) {
        let end = ContinuousClock.now + duration
        while !isCut, ContinuousClock.now < end { Thread.sleep(forTimeInterval: 0.005) }
    }

    // MARK: The end

    var isCut: Bool {
        if case .cut = state.withLock({ $0.phase }) { true } else { false }
    }

    /// Tells the other side that one has sent all it will, or is gone.
    func end(_ side: WireSide, isReset: Bool) {
        switch state.withLock({ $0.phase }) {
        case .open, .losingAnswers:
            if isReset { return cut() }
            (side == .frontend ? server : client).endWriting()
        case .blackholed:
            guard side == .frontend else { return }
            pause(Self.keepalive)
            cut()
        case .cut: break
        }
    }

    /// Resets both ends.
    func cut() {
        state.withLock { state in
            // The sockets of one that is over may be somebody else's by now.
            guard state.pumps > 0 else { return }
            if case .cut = state.phase { return }
            state.phase = .cut
            client.breakOff()
            server.breakOff()
        }
    }
}
