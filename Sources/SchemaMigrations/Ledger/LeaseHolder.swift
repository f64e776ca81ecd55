import Foundation
import Synchronization

/// A process that migrates the schema.
struct LeaseHolder: Sendable, Hashable {
    let host: String
    let process: Int
    /// Tells a run from another one in the same process, and a process from a later one with the same number.
    let token: String

    /// What migrates in this process now.
    private static let living = Mutex<Set<String>>([])

    /// One in this process, until ``leave()``.
    static func enter() -> LeaseHolder {
        let holder = LeaseHolder(
            host: ProcessInfo.processInfo.hostName,
            process: Int(ProcessInfo.processInfo.processIdentifier),
            token: String(UInt32.random(in: 0...UInt32.max), radix: 36)
        )
        _ = living.withLock { $0.insert(holder.token) }
        return holder
    }

    /// Is no more.
    func leave() { _ = Self.living.withLock { $0.remove(token) } }

    private init(host: String, process: Int, token: String) {
        (self.host, self.process, self.token) = (host, process, token)
    }

    /// Reads ``name``.
    init?(name: String) {
        let parts = name.split(separator: "/").map(String.init)
        guard parts.count == 3, let process = Int(parts[1]) else { return nil }
        self.init(host: parts[0], process: process, token: parts[2])
    }

    /// How it is written in the database: `shop-1/4711/1k3xq`.
    var name: String { "\(host)/\(process)/\(token)" }

    /// What a person finds it by.
    var place: String { "process \(process) on \(host)" }

    /// The user of this process, and where it is.
    static var actor: String {
        let user = ProcessInfo.processInfo.environment["USER"] ?? NSUserName()
        return "\(user), process \(ProcessInfo.processInfo.processIdentifier) on \(ProcessInfo.processInfo.hostName)"
    }

    /// Whether this process can tell that the other one is gone: it was one of the same host, and is there no more.
    ///
    /// Only a short cut. Were it wrong, the epoch would still keep the other one from writing.
    var isGone: Bool {
        guard host == ProcessInfo.processInfo.hostName else { return false }
        // In a container, every process is number 1.
        if process == Int(ProcessInfo.processInfo.processIdentifier) {
            return Self.living.withLock { !$0.contains(token) }
        }
        if kill(pid_t(process), 0) == -1 { return errno == ESRCH }
        // One that has ended, and that nobody has asked how: in a container, often nobody ever does.
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return false }
        return ["Z", "X"].contains(stat[stat.index(after: name)...].trimmingPrefix(" ").prefix(1))
    }
}
