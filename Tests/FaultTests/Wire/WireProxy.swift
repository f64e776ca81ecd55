import Foundation
import Synchronization

/// A TCP proxy on 127.0.0.1 before a PostgreSQL server, which can be armed with a fault.
///
///     azu ──▶ proxy ──▶ PostgreSQL
///
/// It knows as much of the protocol as it takes to find the messages in the stream.
final class WireProxy: Sendable {
    private struct State {
        var links: [WireLink] = []
        var isStopped = false
    }

    /// Where it listens.
    let port: Int
    private let listener: WireSocket
    private let host: String
    private let serverPort: Int
    private let trigger = FaultTrigger()
    private let state = Mutex(State())

    /// Starts a proxy before a server.
    init(to server: PostgresServer) throws {
        let parts = URLComponents(string: server.url)
        host = parts?.host ?? "127.0.0.1"
        serverPort = parts?.port ?? 5_432
        listener = try WireSocket.listening()
        port = listener.port
        Thread.detachNewThread { [self] in acceptClients() }
    }

    /// Has a fault strike once, at a message from now on.
    func arm(_ fault: WireFault) { trigger.arm(fault) }

    /// How many faults have struck.
    var strikes: Int { trigger.strikes }

    /// Resets all connections, and takes no more.
    func stop() {
        let links = state.withLock { state in
            state.isStopped = true
            return state.links
        }
        for link in links { link.cut() }
    }

    private func acceptClients() {
        while !state.withLock({ $0.isStopped }) {
            guard let client = listener.accepted() else { continue }
            guard let server = try? WireSocket.connected(to: host, serverPort) else {
                client.breakOff()
                client.finish()
                continue
            }
            let link = WireLink(client, server)
            link.start(trigger)
            let isLate = state.withLock { state in
                state.links.append(link)
                return state.isStopped
            }
            if isLate { link.cut() }
        }
        listener.finish()
    }
}
