import Database
import Synchronization

/// A write of a row, as an application makes it.
struct ApplicationWrite: Sendable, Hashable {
    var table: String
    var column: String
    var value: Value
    /// The columns that find the row, and their values.
    var key: [String]
    var keyValues: [Value]

    /// The statement: `UPDATE "users" SET "name" = ? WHERE "id" = ?`.
    var sql: SQL {
        let row = zip(key, keyValues).map { "\(identifier: $0) = \($1)" as SQL }
        return """
            UPDATE \(identifier: table) SET \(identifier: column) = \(value) WHERE \(SQL.joined(row, separator: " AND "))
            """
    }
}

/// Somebody who writes rows at a moment of a run, and waits where a row is locked.
final class Application: Sendable {
    private struct State {
        /// Writes that wait for a lock, by their places.
        var waiting: [Int] = []
        /// How many rows each write found.
        var found: [Int: Int] = [:]
        /// What a write was refused for.
        var refusal: (any Error)?
    }

    let writes: [ApplicationWrite]
    /// A session of its own; `nil` where it shares the run's, and writes while that is in no transaction.
    private let own: (any DatabaseConnection)?
    private let shared: any DatabaseConnection
    private let state = Mutex(State())

    /// Makes an application beside the connection of a test.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    init(_ writes: [ApplicationWrite], beside connection: any DatabaseConnection) async throws {
        self.writes = writes
        shared = connection
        own = try await connection.another()
        // Whoever holds the row goes on only once this is over.
        try await own?.execute("SET lock_timeout = '10ms'")
    }

    /// The writes that found their row.
    var successful: [ApplicationWrite] {
        let found = state.withLock { $0.found }
        return writes.indices.filter { found[$0] ?? 0 > 0 }.map { writes[$0] }
    }

    /// What a write was refused for, other than a lock.
    var refusal: (any Error)? { state.withLock { $0.refusal } }

    /// Makes all of its writes.
    ///
    /// - Parameter isInside: whether the run is in a transaction.
    func write(isInside: Bool) async { await make(Array(writes.indices), isInside: isInside) }

    /// Makes the writes that had to wait.
    func settle(isInside: Bool) async {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        await make(waiting, isInside: isInside)
    }

    /// Ends its session.
    func end() async { await own?.close() }

    private func make(_ places: [Int], isInside: Bool) async {
        for place in places {
            // Where one session at a time can write, the others wait.
            guard own != nil || !isInside else {
                state.withLock { $0.waiting.append(place) }
                continue
            }
            do {
                let count = try await (own ?? shared).execute(writes[place].sql)
                state.withLock { $0.found[place] = count }
            } catch let error as DatabaseError where error.code == .busy {
                state.withLock { $0.waiting.append(place) }
            } catch {
                state.withLock { $0.refusal = $0.refusal ?? error }
            }
        }
    }
}
