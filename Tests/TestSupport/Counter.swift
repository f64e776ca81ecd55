import Synchronization

/// Counts, from 1 on.
package final class Counter: Sendable {
    private let count = Mutex(0)

    package init() {}

    /// Counts one more.
    @discardableResult
    package func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }

    /// How far it has counted.
    package var value: Int { count.withLock { $0 } }
}
