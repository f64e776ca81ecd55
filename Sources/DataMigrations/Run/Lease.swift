import Database
import Foundation
import Synchronization

/// The right to work on a part of a run.
///
/// It ends by the database's clock, and each commit renews it.
///
/// Taking a part over raises its epoch, and every batch's transaction checks the epoch: whoever lost the part, however
/// late it wakes up, can't write any more. (Fencing tokens: Martin Kleppmann, "How to do distributed locking".)
struct Lease: Sendable, Hashable {
    var slice: Int64
    var epoch: Int64
}

/// A process that works on a run.
struct Owner: Sendable, Hashable {
    let host: String
    let process: Int
    /// Tells a process from a later one with the same number (in a container, every process is number 1), and what works
    /// in one process: `1k3xq` is a run, `1k3xq.2` a worker of its.
    let token: String

    /// This process.
    static let current = Owner(token: newToken())

    /// What works in this process now.
    private static let living = Mutex<Set<String>>([])

    private init(token: String) {
        self.init(
            host: ProcessInfo.processInfo.hostName,
            process: Int(ProcessInfo.processInfo.processIdentifier),
            token: token
        )
    }

    private static func newToken() -> String { String(UInt32.random(in: 0...UInt32.max), radix: 36) }

    /// An owner in this process, until ``leave()``.
    static func enter() -> Owner {
        let owner = Owner(token: newToken())
        _ = living.withLock { $0.insert(owner.token) }
        return owner
    }

    /// Is no more, with its workers.
    func leave() { _ = Self.living.withLock { $0.remove(token) } }

    /// One worker of it.
    ///
    /// A worker has one part at a time: a part that is its own when it asks for one was granted to it, and the answer lost.
    func worker(_ number: Int) -> Owner { Owner(host: host, process: process, token: "\(token).\(number)") }

    /// The user of this process.
    static let user = ProcessInfo.processInfo.environment["USER"] ?? NSUserName()

    /// The run that a worker belongs to.
    var run: Owner { Owner(host: host, process: process, token: String(token.prefix { $0 != "." })) }

    /// How it is written in the ledger: `shop-1/4711/1k3xq`.
    var name: String { "\(host)/\(process)/\(token)" }

    /// What a person finds it by.
    var place: String { "process \(process) on \(host)" }

    init(host: String, process: Int, token: String) {
        self.host = host
        self.process = process
        self.token = token
    }

    /// Reads ``name``.
    init?(name: String) {
        let parts = name.split(separator: "/").map(String.init)
        guard parts.count == 3, let process = Int(parts[1]) else { return nil }
        self.init(host: parts[0], process: process, token: parts[2])
    }

    /// Whether this process can tell that the owner is gone: it was a process of the same host, and is there no more.
    ///
    /// Only a short cut. Were it wrong, the epoch would still keep the other one from writing.
    var isGone: Bool {
        guard host == Owner.current.host else { return false }
        if process == Owner.current.process {
            return Self.living.withLock { !$0.contains(run.token) }
        }
        if kill(pid_t(process), 0) == -1 { return errno == ESRCH }
        return isZombie
    }

    /// Whether the process has ended and nobody has asked how: in a container, often nobody ever does.
    private var isZombie: Bool {
        // `4711 (azu) Z 1 …`; there is no such file but on Linux.
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return false }
        return ["Z", "X"].contains(stat[stat.index(after: name)...].trimmingPrefix(" ").prefix(1))
    }
}

extension Ledger {
    /// Takes a part of a run, if it is free: nobody has it, its owner's lease has ended, or its owner is gone; or if it was
    /// granted before, and the answer lost.
    ///
    /// - Throws: ``MigrationError`` that says who holds it.
    func claim(_ slice: SliceRecord, of run: RunRecord) async throws -> Lease {
        let isAbandoned = slice.owner.flatMap(Owner.init(name:))?.isGone ?? false
        let claimed = try await connection.query(
            """
            UPDATE data_migration_slices SET owner = \(owner.name), epoch = epoch + 1,
            lease_until = \(leaseEnd)
            WHERE id = \(slice.id) AND epoch = \(slice.epoch) AND status = 'open'
            AND (owner IS NULL OR owner = \(owner.name) OR lease_until < \(now) OR \(isAbandoned ? 1 : 0) = 1)
            RETURNING epoch
            """
        )
        if let epoch = claimed.first?[0].integer { return Lease(slice: slice.id, epoch: epoch) }
        throw try await held(run, slice.id)
    }

    /// Makes sure that nobody else works on a run, without writing: a busy run rarely lets another writer in.
    ///
    /// - Throws: ``MigrationError`` that says who holds it.
    func refuseIfHeld(_ run: RunRecord) async throws {
        let leased = try await leasedSlices(of: run)
        guard !leased.isEmpty else { return }
        for slice in try await slices(of: run) where leased.contains(slice.id) {
            // Parts of a table are shared between processes.
            if slice.kind == .table, slice.number > 0 { continue }
            guard let holder = slice.owner.flatMap(Owner.init(name:)), !holder.isGone else { continue }
            throw try await held(run, slice.id)
        }
    }

    /// The parts of a run that processes are at work on, or wait with: their leases last.
    func leasedSlices(of run: RunRecord) async throws -> Set<Int64> {
        let rows = try await read(
            "SELECT id FROM data_migration_slices WHERE run_id = \(run.id) AND lease_until > \(now)"
        )
        return Set(rows.compactMap { $0[0].integer })
    }

    private func held(_ run: RunRecord, _ slice: Int64) async throws -> MigrationError {
        let current = try await read(
            "SELECT owner, lease_until - \(now) FROM data_migration_slices WHERE id = \(slice)"
        )
        let holder = current.first?[0].text.flatMap(Owner.init(name:))?.place ?? "another process"
        let seconds = max(0, (current.first?[1].integer ?? 0) / 1_000)
        return MigrationError(
            .held,
            "\(run.name) is being run by \(holder); wait for it, or stop it. Its lease ends "
                + "in \(seconds) s unless it commits another batch"
        )
    }

    /// Lets a lease begin anew; nothing, if another process has taken the part over.
    func renew(_ lease: Lease) -> Statement {
        .execute(
            """
            UPDATE data_migration_slices SET lease_until = \(leaseEnd)
            WHERE id = \(lease.slice) AND epoch = \(lease.epoch)
            """
        )
    }

    /// Gives a part back, so that another process can go on at once.
    func release(_ lease: Lease) -> Statement {
        .execute(
            """
            UPDATE data_migration_slices SET owner = NULL, lease_until = 0, waiting = NULL
            WHERE id = \(lease.slice) AND epoch = \(lease.epoch)
            """
        )
    }
}
