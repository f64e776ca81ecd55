import Database
import Foundation

/// The right to work on a part of a run. It ends by the database's clock, and each commit renews it.
///
/// Taking a part over raises its epoch, and every batch's transaction checks the epoch: whoever lost the part, however
/// late it wakes up, can't write any more. (Fencing tokens: Martin Kleppmann, "How to do distributed locking".)
struct Lease: Sendable, Hashable {
    /// How long a lease lasts without a commit.
    static let milliseconds = 60_000

    var slice: Int64
    var epoch: Int64
}

/// A process that works on a run.
struct Owner: Sendable, Hashable {
    let user: String
    let host: String
    let process: Int

    /// This process.
    static let current = Owner(
        user: ProcessInfo.processInfo.environment["USER"] ?? NSUserName(),
        host: ProcessInfo.processInfo.hostName,
        process: Int(ProcessInfo.processInfo.processIdentifier)
    )

    /// How it is written in the ledger: `shop-1/4711`.
    var name: String { "\(host)/\(process)" }

    init(user: String, host: String, process: Int) {
        self.user = user
        self.host = host
        self.process = process
    }

    /// Reads ``name``.
    init?(name: String) {
        guard let slash = name.lastIndex(of: "/"), let process = Int(name[name.index(after: slash)...]) else { return nil }
        self.init(user: "", host: String(name[..<slash]), process: process)
    }

    /// Whether this process can tell that the owner is gone: it was a process of the same host, and is there no more.
    /// Only a short cut. Were it wrong, the epoch would still keep the other one from writing.
    var isGone: Bool {
        guard host == Owner.current.host, process != Owner.current.process else { return false }
        return kill(pid_t(process), 0) == -1 && errno == ESRCH
    }
}

extension Ledger {
    /// Takes a part of a run, if it is free: nobody has it, its owner's lease has ended, or its owner is gone.
    ///
    /// - Throws: ``MigrationError`` that says who holds it.
    func claim(_ slice: SliceRecord, of run: RunRecord, owner: Owner = .current) async throws -> Lease {
        var takesOver = false
        if let holder = slice.owner, let holder = Owner(name: holder) {
            takesOver = holder.isGone || holder == Owner(user: "", host: owner.host, process: owner.process)
        }
        let claimed = try await connection.query(
            """
            UPDATE data_migration_slices SET owner = \(owner.name), epoch = epoch + 1,
            lease_until = \(now) + \(Lease.milliseconds)
            WHERE id = \(slice.id) AND epoch = \(slice.epoch) AND status = 'open'
            AND (owner IS NULL OR lease_until < \(now) OR \(takesOver ? 1 : 0) = 1) RETURNING epoch
            """
        )
        if let epoch = claimed.first?[0].integer { return Lease(slice: slice.id, epoch: epoch) }
        let current = try await connection.query(
            "SELECT owner, lease_until - \(now) FROM data_migration_slices WHERE id = \(slice.id)"
        )
        let holder = current.first?[0].text ?? "another process"
        let seconds = max(0, (current.first?[1].integer ?? 0) / 1_000)
        throw MigrationError(
            .held,
            "\(run.name) is being run by \(holder) (host/process); wait for it, or stop it. Its lease ends "
                + "in \(seconds) s unless it commits another batch"
        )
    }

    /// Lets a lease begin anew; nothing, if another process has taken the part over.
    func renew(_ lease: Lease) -> Statement {
        .execute(
            """
            UPDATE data_migration_slices SET lease_until = \(now) + \(Lease.milliseconds)
            WHERE id = \(lease.slice) AND epoch = \(lease.epoch)
            """
        )
    }

    /// Gives a part back, so that another process can go on at once.
    func release(_ lease: Lease) -> Statement {
        .execute(
            """
            UPDATE data_migration_slices SET owner = NULL, lease_until = 0
            WHERE id = \(lease.slice) AND epoch = \(lease.epoch)
            """
        )
    }
}
