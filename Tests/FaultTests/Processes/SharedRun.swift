import Database
import Foundation
import TestSupport
import Testing

/// A run on PostgreSQL that several processes work on, with enough rows that each of them gets parts.
struct SharedRun {
    /// A part has 20 000 rows; every tenth row is none of the migration's business.
    private static let size = Work.Size(rows: 90_000, batch: 500)
    /// How many rows a second a process takes: none is through before the others have begun.
    private static let rate = 8_000

    private let address: String
    private let folder: URL
    /// A session of the test's own.
    let connection: any DatabaseConnection
    /// With what the names begin that the server knows the processes' sessions by.
    private let application = "azu_" + UUID().uuidString.prefix(8).lowercased()

    /// Works with a run that nobody has begun.
    static func with<T>(_ body: (_ run: SharedRun) async throws -> T) async throws -> T {
        try await work().prepared(on: .postgres) { address, folder in
            let connection = try await Store.postgres.open(address)
            let result: Result<T, any Error>
            do {
                result = .success(
                    try await body(SharedRun(address: address, folder: folder, connection: connection))
                )
            } catch {
                result = .failure(error)
            }
            await connection.close()
            return try result.get()
        }
    }

    private init(address: String, folder: URL, connection: any DatabaseConnection) {
        (self.address, self.folder, self.connection) = (address, folder, connection)
    }

    private static func work() throws -> Work { try #require(Work.titled("update", size)) }

    /// Starts a process that works on it.
    ///
    /// - Parameters:
    ///   - name: tells its sessions from those of the others.
    ///   - lease: how long its leases last without a commit.
    ///   - environment: more variables.
    /// - Returns: the process.
    /// - Throws: what keeps it from being started.
    func start(_ name: String, lease: Duration, environment: [String: String] = [:]) throws -> Process {
        try Child.start(
            [
                "share", address + "&idle_timeout=1s&application_name=\(application)_\(name)", "update",
                folder.path(percentEncoded: false), "\(Self.size.rows)", "\(Self.size.batch)",
                "\(Int(lease / .milliseconds(1)))", "\(Self.rate)",
            ],
            environment: environment
        )
    }

    /// Whether a process holds a part that it is not through with.
    func hasPart(_ process: Process) async throws -> Bool {
        let owner = "%/\(process.processIdentifier)/%"
        return try await connection.number(
            """
            SELECT count(*) FROM data_migration_slices WHERE kind = 'table' AND status = 'open' AND owner LIKE \(owner)
            """
        ) > 0
    }

    /// Waits until a process holds a part.
    func waitForPart(_ process: Process) async throws {
        try await wait(until: "process \(process.processIdentifier) holds a part") {
            guard process.isRunning else { return true }
            guard try await connection.schema(of: "data_migration_slices") != nil else { return false }
            return try await hasPart(process)
        }
        try #require(process.isRunning, "it has come to its end before")
    }

    /// Stops a process, of that name, that holds a part.
    func stop(_ process: Process, _ name: String) async throws {
        try await wait(until: "process \(process.processIdentifier) is stopped while it holds a part") {
            try await waitForPart(process)
            kill(process.processIdentifier, SIGSTOP)
            try await wait(until: "the signal is delivered") { isStopped(process) }
            // What it has sent is done first: that may be the end of the part.
            try await wait(until: "the server is through with what the process has sent") {
                try await sessions(name, where: "wait_event_type IS DISTINCT FROM 'Client'") == 0
            }
            // In the midst of a request it would hold its locks for as long as it stands still.
            let isMidway = try await sessions(name, where: "wait_event_type = 'Client'") > 0
            if !isMidway, try await hasPart(process) { return true }
            kill(process.processIdentifier, SIGCONT)
            return false
        }
    }

    /// How many sessions of a process are at a request.
    private func sessions(_ name: String, where condition: SQL) async throws -> Int {
        try await connection.number(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE application_name = \(application + "_" + name) AND state = 'active' AND \(condition)
            """
        )
    }

    /// Whether all threads of a process stand still.
    private func isStopped(_ process: Process) -> Bool {
        let path = "/proc/\(process.processIdentifier)/stat"
        // `4711 (azu-fault) T 1 …`; there is no such file but on Linux.
        guard let stat = try? String(contentsOfFile: path, encoding: .utf8), let name = stat.lastIndex(of: ")") else {
            return true
        }
        return stat[stat.index(after: name)...].trimmingPrefix(" ").hasPrefix("T")
    }

    /// Ends processes that a failed test has left.
    func end(_ processes: [Process]) {
        for process in processes where process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// What is found in the end.
    struct Outcome: Equatable {
        /// Rows without their new value, or without a write.
        var lost = 0
        /// Writes of a row that was written before, or of one that is none of the migration's business.
        var doubled = 0
        /// How many rows the ledger says were changed.
        var changed = SharedRun.size.rows * 9 / 10
        var states: [[String?]] = [["succeeded"]]
        var executed = 1
        /// How many parts somebody still holds.
        var held = 0
    }

    func outcome() async throws -> Outcome {
        let missing: SQL = """
            SELECT count(*) FROM users WHERE slug IS DISTINCT FROM
            CASE WHEN id % 10 = 0 THEN 'kept' ELSE name || '-' || id END
            """
        let unwritten: SQL = """
            SELECT count(*) FROM (SELECT CAST(id AS text) FROM users WHERE id % 10 <> 0
            EXCEPT SELECT row_key FROM writes) AS unwritten
            """
        let doubled: SQL = """
            SELECT count(*) FROM (SELECT row_key FROM writes
            EXCEPT ALL SELECT CAST(id AS text) FROM users WHERE id % 10 <> 0) AS doubled
            """
        return Outcome(
            lost: try await connection.number(missing) + connection.number(unwritten),
            doubled: try await connection.number(doubled),
            changed: try await connection.number("SELECT sum(changed) FROM data_migration_slices"),
            states: try await connection.texts("SELECT status FROM data_migration_runs"),
            executed: try await connection.number("SELECT count(*) FROM data_migrations"),
            held: try await connection.number("SELECT count(*) FROM data_migration_slices WHERE owner IS NOT NULL")
        )
    }
}
