import Database
import Foundation

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
    /// Tells a process from a later one with the same number: in a container, every process is number 1.
    let token: String

    /// This process.
    static let current = Owner(
        host: ProcessInfo.processInfo.hostName,
        process: Int(ProcessInfo.processInfo.processIdentifier),
        token: String(UInt32.random(in: 0...UInt32.max), radix: 36)
    )

    /// The user of this process.
    static let user = ProcessInfo.processInfo.environment["USER"] ?? NSUserName()

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
        if process == Owner.current.process { return token != Owner.current.token }
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
    /// Takes a part of a run, if it is free: nobody has it, its owner's lease has ended, or its owner is gone.
    ///
    /// - Throws: ``MigrationError`` that says who holds it.
    func claim(_ slice: SliceRecord, of run: RunRecord, owner: Owner = .current) async throws -> Lease {
        do {
            return try await claimOnce(slice, of: run, owner: owner)
        } catch let error as DatabaseError where error.code == .connectionLost {
            // It may have been granted, and only the answer lost.
            guard let now = try await reread(slice.id, lock: ""), now.owner == owner.name, now.epoch == slice.epoch + 1
            else { throw error }
            return Lease(slice: now.id, epoch: now.epoch)
        }
    }

    private func claimOnce(_ slice: SliceRecord, of run: RunRecord, owner: Owner) async throws -> Lease {
        let isAbandoned = slice.owner.flatMap(Owner.init(name:))?.isGone ?? false
        let claimed = try await connection.query(
            """
            UPDATE data_migration_slices SET owner = \(owner.name), epoch = epoch + 1,
            lease_until = \(leaseEnd)
            WHERE id = \(slice.id) AND epoch = \(slice.epoch) AND status = 'open'
            AND (owner IS NULL OR lease_until < \(now) OR \(isAbandoned ? 1 : 0) = 1) RETURNING epoch
            """
        )
        if let epoch = claimed.first?[0].integer { return Lease(slice: slice.id, epoch: epoch) }
        throw try await held(run, slice.id)
    }

    /// Makes sure that nobody else works on a run, without writing: a busy run rarely lets another writer in.
    ///
    /// - Throws: ``MigrationError`` that says who holds it.
    func refuseIfHeld(_ run: RunRecord) async throws {
        for slice in try await slices(of: run) {
            // Parts of a table are shared between processes.
            if slice.kind == .table, slice.number > 0 { continue }
            guard let owner = slice.owner.flatMap(Owner.init(name:)), !owner.isGone else { continue }
            let rows = try await read(
                "SELECT 1 FROM data_migration_slices WHERE id = \(slice.id) AND lease_until > \(now)"
            )
            if !rows.isEmpty { throw try await held(run, slice.id) }
        }
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
