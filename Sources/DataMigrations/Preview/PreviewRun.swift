import Database
import Synchronization

/// Runs a migration's code on samples of its rows, and remembers what came of it.
final class PreviewRun: Sendable {
    let connection: PreviewConnection
    let options: PreviewOptions
    let tables = KnownTables()
    /// Whether the migration is by hand: its steps follow from each other, so they stay until its end.
    let isByHand: Bool
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
        /// Records of the file that is read.
        var fileRows = 0
    }

    init(_ connection: any DatabaseConnection, _ options: PreviewOptions, isByHand: Bool, tellsOutside: Bool) {
        self.tellsOutside = tellsOutside
        self.connection = PreviewConnection(connection)
        self.options = options
        self.isByHand = isByHand
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
        state.withLock { if !$0.preview.notes.contains(text) { $0.preview.notes.append(text) } }
    }

    func add(_ source: Preview.Source) {
        state.withLock { state in
            state.preview.sources.append(source)
            state.fileRows = 0
        }
    }

    // MARK: Code of the author

    /// Does a step of a migration by hand.
    func step(_ body: @Sendable (Batch) async throws -> Void) async throws {
        let batch = Batch(connection, journal: BatchJournal(tables), isPreview: true)
        try await connection.run([.begin])
        do {
            try await body(batch)
            try await connection.run([.checkConstraints])
        } catch {
            _ = try? await connection.run([.rollback])
            throw error
        }
        try await record(batch, visited: 0, quarantined: [], took: nil)
        try await connection.run([.commit])
    }

    /// Takes the next rows of a feed through a migration.
    ///
    /// - Returns: whether there were any.
    func batch<Row: Sendable>(of feed: any BatchFeed<Row>, _ work: any BatchWork<Row>) async throws -> Bool {
        let before = try await writtenBytes()
        let start = ContinuousClock.now
        var handle = Batch(connection, journal: BatchJournal(tables), isPreview: true)
        guard var batch = try await feed.begin(rows: options.sample) else { return false }
        var bad: [QuarantinedRow] = []
        do {
            let written = try await work.write(batch, in: handle)
            try await connection.run(written.rest + [.checkConstraints])
            bad = written.faults
        } catch  where Fault.isRowFault(error) || error.isUnwritten {
            try await connection.run([.rollback])
            handle = Batch(connection, journal: BatchJournal(tables), isPreview: true)
            guard let again = try await feed.begin(rows: options.sample) else { return false }
            batch = again
            let prepared = try await work.prepare(batch, connection: connection)
            var bisection = Bisection(prepared, in: handle)
            try await bisection.run()
            bad = prepared.faults + bisection.quarantined
        }
        let duration = start.duration(to: .now)
        if let before, let after = try await writtenBytes() {
            state.withLock { state in
                state.logged.bytes += max(0, after - before)
                state.logged.rows += batch.visited
            }
        }
        try await record(handle, visited: batch.visited, quarantined: bad, took: duration)
        if let position = batch.position { noteFile(rows: batch.visited, upTo: position) }
        try await connection.run([isByHand ? .commit : .rollback])
        feed.committed(batch)
        return true
    }

    /// Goes by the records so far for how many a file has.
    private func noteFile(rows: Int, upTo position: Int) {
        state.withLock { state in
            state.fileRows += rows
            guard let place = state.preview.sources.indices.last, let bytes = state.preview.sources[place].bytes,
                position > 0
            else { return }
            state.preview.sources[place].rows = Int(Double(state.fileRows) * Double(bytes) / Double(position))
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
            for outside in entry.outside where tellsOutside {
                let note = "not in the journal, so no rollback takes it back: \(outside)"
                if !state.preview.notes.contains(note) { state.preview.notes.append(note) }
            }
            if let duration, visited > 0 { state.pace.append(duration / .seconds(1) / Double(visited)) }
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
