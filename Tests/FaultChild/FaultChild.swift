import DataMigrations
import Database
import Foundation
import TestSupport

/// A process that works, and that a test kills, stops, or gives another clock.
///
///     azu-fault STORE URL|PATH WORK FOLDER STATEMENT before|after     is killed at one of its statements
///     azu-fault resume STORE URL|PATH WORK FOLDER ROWS BATCH          does a larger work, or goes on with it
///     azu-fault share URL WORK FOLDER ROWS BATCH LEASE RATE           works on a run with other processes
///     azu-fault clock                                                 says what time it is
///
/// LEASE is in milliseconds, RATE in rows a second.
@main
struct FaultChild {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch (arguments.first, arguments.count) {
            case ("resume", 7): try await resume(Array(arguments.dropFirst()))
            case ("share", 8): try await share(Array(arguments.dropFirst()))
            case ("clock", 1): print(Int(Date.now.timeIntervalSince1970))
            case (_, 6): try await strike(arguments)
            default: exit(64)
            }
        } catch let error as MigrationError where [.leaseLost, .held].contains(error.code) {
            exit(3)
        }
        exit(0)
    }

    /// Does a work until the statement is reached.
    private static func strike(_ arguments: [String]) async throws {
        guard let store = Store(rawValue: arguments[0]), let place = Int(arguments[4]),
            let work = Work.titled(arguments[2])
        else { exit(64) }
        let (address, fault) = (arguments[1], InjectedFault(.killed, at: place, isAfter: arguments[5] == "after"))
        let connection = try await FaultyConnection(fault) { try await store.open(address) }
        try await work.act(connection, folder(arguments[3]))
    }

    private static func resume(_ arguments: [String]) async throws {
        guard let store = Store(rawValue: arguments[0]), let size = Self.size(arguments[4], arguments[5]),
            let work = Work.titled(arguments[2], size)
        else { exit(64) }
        try await work.resume(try await store.open(arguments[1]), folder(arguments[3]))
    }

    private static func share(_ arguments: [String]) async throws {
        guard let size = Self.size(arguments[3], arguments[4]), let work = Work.titled(arguments[1], size),
            let lease = Int(arguments[5]), let rate = Double(arguments[6])
        else { exit(64) }
        let runner = Runner(
            try await Store.postgres.open(arguments[0]),
            limits: RunLimits(signals: [], latencyGrowth: nil, rowsPerSecond: rate),
            leaseTime: .milliseconds(lease)
        )
        _ = try await runner.migrate(work.entry(folder(arguments[2])))
    }

    private static func folder(_ path: String) -> URL { URL(filePath: path, directoryHint: .isDirectory) }

    private static func size(_ rows: String, _ batch: String) -> Work.Size? {
        guard let rows = Int(rows), let batch = Int(batch) else { return nil }
        return Work.Size(rows: rows, batch: batch)
    }
}
