public import Database
import Synchronization

/// How fast the database writes its log: replicas, backups and the disk have to keep up with it.
public final class WrittenLog: LoadSignal {
    private let limit: Double
    private let last = Mutex<(bytes: Int64, at: ContinuousClock.Instant)?>(nil)

    /// Makes a signal.
    ///
    /// - Parameter limit: the bytes a second, of all sessions together, at which the run waits.
    public init(bytesPerSecond limit: Double) { self.limit = limit }

    /// `wal`.
    public var name: String { "wal" }

    /// Asks the database how far its log is, and compares that with the last time.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func read(_ connection: any DatabaseConnection, table: String?) async throws -> Load? {
        guard let query = connection.dialect.writtenBytes,
            let bytes = try await connection.query(query).first?[0].integer
        else { return nil }
        let now = ContinuousClock.now
        let before = last.withLock { last in
            defer { last = (bytes, now) }
            return last
        }
        guard let before, now > before.at else { return nil }
        let rate = Double(bytes - before.bytes) / (before.at.duration(to: now) / .seconds(1))
        let megabytes = [rate, limit].map { "\(($0 / 1e5).rounded() / 10)" }
        return Load(
            utilisation: rate / limit,
            reason: "the log grows by \(megabytes[0]) MB a second, at most \(megabytes[1])"
        )
    }
}
