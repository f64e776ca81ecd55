import Synchronization
import Testing

/// An application that adds a column to the table when it is told to, and drops it the next time.
final class AlteringApplication: Sendable {
    private let session: Application
    /// How often the table was altered.
    private let count = Mutex(0)
    /// The rows at which it was altered before: a row may be transformed more than once.
    private let seen = Mutex<Set<Int64>>([])

    init(_ table: SharedTable) throws { session = try Application(table.server, schema: table.schema) }

    var alterations: Int { count.withLock { $0 } }

    /// Alters the table now.
    func alter() {
        count.withLock { count in
            // A default that differs from row to row has the whole table written anew.
            let addition = count % 4 == 0 ? "double precision DEFAULT random()" : "integer DEFAULT 5"
            do {
                try session.run(
                    "ALTER TABLE users " + (count % 2 == 0 ? "ADD COLUMN extra \(addition)" : "DROP COLUMN extra")
                )
                count += 1
            } catch {
                Issue.record(error)
            }
        }
    }

    /// Alters the table when a row is seen for the first time.
    func alter(at id: Int64) {
        guard seen.withLock({ $0.insert(id).inserted }) else { return }
        alter()
    }
}
