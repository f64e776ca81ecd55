import Database
import Synchronization

/// Puts down what a batch's transaction does to rows, to be committed with it.
final class BatchJournal: Sendable {
    let tables: KnownTables
    private let state = Mutex(State())

    private struct State {
        var entry = JournalEntry()
        /// What is not packed yet.
        var changes: [JournalChange] = []
    }

    init(_ tables: KnownTables) { self.tables = tables }

    func add(_ change: JournalChange) {
        guard change.count > 0 else { return }
        state.withLock { $0.changes.append(change) }
    }

    /// Adds what was packed ahead of time.
    func add(_ entry: JournalEntry) {
        state.withLock { state in
            state.entry.append(state.changes)
            state.changes = []
            state.entry.append(entry)
        }
    }

    /// Adds what another journal of the same transaction holds.
    func absorb(_ other: BatchJournal) { add(other.entry()) }

    /// Notes a write that can't be taken back.
    func addOutside(_ what: String) {
        let line = what.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        state.withLock { $0.entry.outside.append(String(line.prefix(200))) }
    }

    /// What was put down so far.
    func entry() -> JournalEntry {
        state.withLock { state in
            state.entry.append(state.changes)
            state.changes = []
            return state.entry
        }
    }

    /// What was put down and not packed yet, and the writes that can't be taken back.
    var changes: (journaled: [JournalChange], outside: [String]) {
        state.withLock { ($0.changes, $0.entry.outside) }
    }
}

/// Something that keeps account of what is written through it.
protocol WriteRecording {
    /// Tallies what was written.
    func count(_ changes: ChangeCounters)

    /// Where before-images go; `nil` where none are kept.
    var journal: BatchJournal? { get }

    /// Notes a write that no journal can take back.
    func noteOutside(_ what: String) async throws
}
