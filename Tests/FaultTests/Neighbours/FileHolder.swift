import DataMigrations
import Database
import Foundation
import SQLiteDriver
import Synchronization
import TestSupport

/// An application that locks a SQLite file in the midst of a run: between its fifth batch and the sixth.
final class FileHolder: ProgressObserver {
    private let connection: any DatabaseConnection
    private let application: any DatabaseConnection
    private let counter = Counter()
    private let moment: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let isLocked = Mutex(false)

    /// Has the run wait for a lock for a tenth of a second only.
    init(_ address: String, _ application: any DatabaseConnection) async throws {
        connection = try await SQLiteConnection(path: address, busyTimeout: 0.1)
        self.application = application
        (moment, signal) = AsyncStream.makeStream(of: Void.self)
    }

    /// Does a work, in a session of its own.
    func act(_ work: Work, _ folder: URL, _ observer: any ProgressObserver) async throws -> RunReport? {
        defer { signal.finish() }
        let report = try await work.act(connection, folder, observer: observer)
        await connection.close()
        return report
    }

    /// Locks the file as soon as it is time.
    func waitUntilLocked() async throws {
        for await _ in moment { break }
        try await application.run([.begin])
        isLocked.withLock { $0 = true }
    }

    func observe(_ event: ProgressEvent) {
        guard case .batch = event, counter.next() == 5 else { return }
        signal.yield()
        // No sixth batch is begun before; should the lock not be got, the test says so.
        let end = ContinuousClock.now + .seconds(10)
        while !isLocked.withLock({ $0 }), ContinuousClock.now < end { usleep(1_000) }
    }
}

/// Two observers of one run.
struct Pair: ProgressObserver {
    private let first: any ProgressObserver
    private let second: any ProgressObserver

    init(_ first: any ProgressObserver, _ second: any ProgressObserver) { (self.first, self.second) = (first, second) }

    func observe(_ event: ProgressEvent) {
        first.observe(event)
        second.observe(event)
    }
}
