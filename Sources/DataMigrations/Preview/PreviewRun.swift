import Database
import Synchronization

/// Runs a migration's code on samples of its rows, and remembers what came of it.
final class PreviewRun: Sendable {
    let connection: PreviewConnection
    let options: PreviewOptions
    let tables = KnownTables()
    /// Whether the migration is by hand: its steps follow from each other, so they stay until its end.
    var isByHand: Bool { connection.isHeld }
    /// Whether writes beside the journal are told of: without a journal, all are.
    let tellsOutside: Bool
    private let state: Mutex<State>

    private struct State {
        var preview = Preview()
        /// Seconds a row, of each batch.
        var pace: [Double] = []
        /// Bytes of the log, and the rows they are of.
        var logged = (bytes: 0, rows: 0)
        var locks: Set<String> = []
        var triggers: Set<String> = []
        /// The first rows of each batch.
        var rows: [[Preview.Row]] = []
        /// Records that were read of the last source.
        var rowsRead = 0
    }

    init(_ connection: any DatabaseConnection, _ options: PreviewOptions, tellsOutside: Bool) {
        self.tellsOutside = tellsOutside
        self.connection = PreviewConnection(connection)
        self.options = options
        state = Mutex(State())
    }

    /// What came of it.
    var preview: Preview {
        state.withLock { state in
            var preview = state.preview
            preview.statements = connection.statements
            preview.rows = PreviewRows.choose(options.shownRows, of: state.rows)
            preview.locks = state.locks.sorted()
            preview.triggers = state.triggers.sorted()
            if state.logged.rows > 0 { preview.bytesPerRow = state.logged.bytes / state.logged.rows }
            let rows = preview.sources.reduce(0) { $0 + ($1.rows ?? 0) }
            if let best = state.pace.min(), let worst = state.pace.max(), rows > 0 {
                // Large batches cost less a row than a small one; a busy hour costs more.
                preview.seconds = best * Double(rows) * 0.5...worst * Double(rows) * 1.5
            }
            return preview
        }
    }

    func note(_ text: String) {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        state.withLock { if !$0.preview.notes.contains(line) { $0.preview.notes.append(line) } }
    }

    func add(_ source: Preview.Source) {
        state.withLock { state in
            state.preview.sources.append(source)
            state.rowsRead = 0
        }
    }

    // MARK: Code of the author

    /// Does a step of a migration by hand.
    func step(_ body: @Sendable (Batch) async throws -> Void) async throws {
        let batch = newHandle()
        let depth = connection.depth
        do {
            try await connection.run([.begin])
            try await body(batch)
            try await connection.run([.checkConstraints])
            try await record(batch, visited: 0, quarantined: [], took: nil)
            try await connection.run([.commit])
        } catch {
            await connection.drop(to: depth)
            throw error
        }
    }

    /// Takes the next rows of a feed through a migration.
    ///
    /// - Returns: the rows; `nil` if there were none.
    func batch<Row: Sendable>(
        of feed: any BatchFeed<Row>,
        _ work: any BatchWork<Row>
    ) async throws -> LoadedBatch<Row>? {
        let before = try await writtenBytes()
        let start = ContinuousClock.now
        let depth = connection.depth
        do {
            guard let tried = try await attempt(feed, work) else { return nil }
            let duration = start.duration(to: .now)
            if let before, let after = try await writtenBytes() {
                state.withLock { state in
                    state.logged.bytes += max(0, after - before)
                    state.logged.rows += tried.batch.visited
                }
            }
            try await record(tried.handle, visited: tried.batch.visited, quarantined: tried.bad, took: duration)
            noteRead(tried.batch.visited, upTo: tried.batch.position)
            try await connection.run([.commit])
            feed.committed(tried.batch)
            return tried.batch
        } catch {
            await connection.drop(to: depth)
            throw error
        }
    }

    /// A batch that was written, in a transaction that is open.
    private struct Attempt<Row: Sendable> {
        var batch: LoadedBatch<Row>
        var handle: Batch
        var bad: [QuarantinedRow]
    }

    /// Writes the next rows of a feed: as a whole, or else in parts.
    private func attempt<Row: Sendable>(
        _ feed: any BatchFeed<Row>,
        _ work: any BatchWork<Row>
    ) async throws -> Attempt<Row>? {
        let depth = connection.depth
        guard let batch = try await feed.begin(rows: options.sample) else { return nil }
        do {
            let handle = newHandle()
            let written = try await work.write(batch, in: handle)
            try await connection.run(written.rest + [.checkConstraints])
            return Attempt(batch: batch, handle: handle, bad: written.faults)
        } catch  where Fault.isRowFault(error) || error.isUnwritten {
            await connection.drop(to: depth)
        }
        guard let again = try await feed.begin(rows: options.sample) else { return nil }
        let handle = newHandle()
        let prepared = try await work.prepare(again, connection: connection)
        var bisection = Bisection(prepared, in: handle)
        try await bisection.run()
        return Attempt(batch: again, handle: handle, bad: prepared.faults + bisection.quarantined)
    }

    private func newHandle() -> Batch { Batch(connection, journal: BatchJournal(tables), isPreview: true) }

    /// Goes by the records so far for how many a file has.
    private func noteRead(_ rows: Int, upTo position: Int?) {
        state.withLock { state in
            state.rowsRead += rows
            guard let place = state.preview.sources.indices.last, let bytes = state.preview.sources[place].bytes,
                let position, position > 0
            else { return }
            state.preview.sources[place].rows = Int(Double(state.rowsRead) * Double(bytes) / Double(position))
        }
    }

    /// Notes that the last source was read to its end.
    func noteEnd() {
        state.withLock { state in
            guard let place = state.preview.sources.indices.last else { return }
            state.preview.sources[place].rows = state.rowsRead
            state.preview.sources[place].isExact = true
        }
    }

    private func writtenBytes() async throws -> Int? {
        guard let query = connection.dialect.writtenBytes else { return nil }
        return try await connection.unrecorded {
            try await connection.query(query).first?[0].integer.map(Int.init)
        }
    }

    private func record(
        _ handle: Batch,
        visited: Int,
        quarantined: [QuarantinedRow],
        took duration: Duration?
    ) async throws {
        let entry = await handle.journal?.entry() ?? JournalEntry()
        var counters = handle.counters
        counters.visited = visited
        counters.quarantined = quarantined.count
        let changes = try JournalEntry.changes(in: entry.bytes)
        let rows = try await connection.unrecorded {
            try await PreviewRows(connection, tables).rows(changes, limit: options.shownRows)
        }
        let locks = try await connection.unrecorded { try await heldLocks() }
        var triggers: Set<String> = []
        for table in Set(changes.map(\.table)) {
            for trigger in try await tables.schema(of: table, connection)?.triggers ?? [] {
                triggers.insert("\(table): \(trigger)")
            }
        }
        state.withLock { state in
            state.preview.counters += counters
            state.preview.batches += 1
            state.rows.append(rows)
            state.preview.quarantined += quarantined.prefix(max(0, 20 - state.preview.quarantined.count))
            state.locks.formUnion(locks)
            state.triggers.formUnion(triggers)
            if let duration, visited > 0 { state.pace.append(duration / .seconds(1) / Double(visited)) }
        }
        for outside in entry.outside where tellsOutside {
            note("not in the journal, so no rollback takes it back: \(outside)")
        }
    }

    private func heldLocks() async throws -> [String] {
        guard let query = connection.dialect.heldLocks else { return [] }
        return try await connection.query(query).map { "\($0[0].text ?? ""): \($0[1].text ?? "")" }
    }
}

/// How much of a migration is tried, and how much of that is told.
public struct PreviewOptions: Sendable {
    /// How many rows a sampled batch has.
    public var sample: Int
    /// How many rows are told of.
    public var shownRows: Int
    /// Whether rows are counted, however long that takes.
    public var isExact: Bool

    /// Makes options.
    public init(sample: Int = 1_000, shownRows: Int = 10, isExact: Bool = false) {
        self.sample = max(1, sample)
        self.shownRows = shownRows
        self.isExact = isExact
    }
}
