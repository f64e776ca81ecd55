import Database
import Synchronization

/// Puts down what a batch's transaction does to rows, to be committed with it.
final class BatchJournal: Sendable {
    let tables: KnownTables
    private let state = Mutex(State())

    private struct State {
        /// What is packed, or being packed, in order.
        var packed: [Task<JournalEntry, Never>] = []
        /// What is not packed yet.
        var changes: [JournalChange] = []
        var outside: [String] = []

        /// Packs what there is while the database is at work on something else.
        mutating func pack() {
            guard !changes.isEmpty else { return }
            let ready = changes
            changes = []
            packed.append(Task { JournalEntry(ready) })
        }
    }

    /// From how many rows on a change is packed at once.
    private static var packingThreshold: Int { 1_000 }

    init(_ tables: KnownTables) { self.tables = tables }

    func add(_ change: JournalChange) {
        guard change.count > 0 else { return }
        state.withLock { state in
            state.changes.append(change)
            if change.count >= Self.packingThreshold { state.pack() }
        }
    }

    /// Adds what was packed ahead of time.
    func add(_ entry: JournalEntry) {
        state.withLock { state in
            state.pack()
            state.packed.append(Task { entry })
        }
    }

    /// Adds what another journal of the same transaction holds.
    func absorb(_ other: BatchJournal) {
        let own = other.state.withLock { state in
            state.pack()
            return state
        }
        state.withLock { state in
            state.pack()
            state.packed += own.packed
            state.outside += own.outside
        }
    }

    /// Notes a write that can't be taken back.
    func addOutside(_ what: String) {
        let line = what.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        state.withLock { $0.outside.append(String(line.prefix(200))) }
    }

    /// What was put down so far.
    func entry() async -> JournalEntry {
        let (packed, outside) = state.withLock { state in
            state.pack()
            return (state.packed, state.outside)
        }
        var entry = JournalEntry()
        for task in packed { entry.append(await task.value) }
        entry.outside = outside
        return entry
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
