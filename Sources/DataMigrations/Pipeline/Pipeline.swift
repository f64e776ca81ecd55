import Database

/// Takes a part of a run through its migration, a batch at a time.
///
/// In one transaction: the rows, the bad rows, how far the run came, and the check that the part is still ours.
///
///     read ▸ transform ▸ [ write + quarantine + checkpoint ] ▸ progress
final class Pipeline<Row: Sendable> {
    private let feed: any BatchFeed<Row>
    private let work: any BatchWork<Row>
    private let checkpoint: Checkpoint
    private let context: RunContext
    private var sizer: BatchSizer

    init(_ feed: any BatchFeed<Row>, _ work: any BatchWork<Row>, checkpoint: Checkpoint, context: RunContext) {
        self.feed = feed
        self.work = work
        self.checkpoint = checkpoint
        self.context = context
        sizer = BatchSizer(context.options.batchSize)
    }

    /// Goes on until there are no more rows.
    ///
    /// - Returns: what was done.
    /// - Throws: ``RunStopped`` if somebody wants the run to stop, or what keeps it from going on.
    func run() async throws -> ChangeCounters {
        var total = ChangeCounters()
        while true {
            if let reason = context.stop.requested { throw RunStopped(reason: reason) }
            let size = sizer.rows
            let start = ContinuousClock.now
            guard let done = try await context.retry.run({ try await self.transact(rows: size) }) else { return total }
            let duration = start.duration(to: .now)
            sizer.record(rows: done.counters.visited, took: duration)
            total += done.counters
            context.committed(done, size: size, duration: duration)
        }
    }

    private func transact(rows: Int) async throws -> CommittedBatch? {
        // What fails here is the source, never a row.
        guard let batch = try await begin(rows: rows) else { return nil }
        do {
            return try await commit(batch)
        } catch  where Fault.isRowFault(error) || error.isUnwritten {
            guard let batch = try await begin(rows: rows) else { return nil }
            return try await commitInParts(batch)
        }
    }

    private func begin(rows: Int) async throws -> LoadedBatch<Row>? {
        try await rollingBackOnError { try await feed.begin(rows: rows) }
    }

    /// The usual way: everything at once.
    private func commit(_ batch: LoadedBatch<Row>) async throws -> CommittedBatch {
        try await rollingBackOnError {
            let handle = Batch(context.connection)
            let written = try await work.write(batch, in: handle)
            let done = CommittedBatch(batch, counters: handle.counters, quarantined: written.faults)
            try await checkpoint.commit(done, after: written.rest + [.checkConstraints], context: context)
            feed.committed(batch)
            return done
        }
    }

    /// The way to find bad rows: the same rows again, in parts.
    private func commitInParts(_ batch: LoadedBatch<Row>) async throws -> CommittedBatch {
        try await rollingBackOnError {
            let prepared = try await work.prepare(batch, connection: context.connection)
            var bisection = Bisection(prepared, connection: context.connection)
            try await bisection.run()
            let bad = prepared.faults + bisection.quarantined
            let done = CommittedBatch(batch, counters: bisection.counters, quarantined: bad)
            try await checkpoint.commit(done, after: [.checkConstraints], context: context)
            feed.committed(batch)
            return done
        }
    }

    private func rollingBackOnError<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch {
            // The first error tells what happened; one of the clean-up would hide it.
            _ = try? await context.connection.run([.rollback])
            throw error
        }
    }
}

/// Somebody wants the run to stop; it can go on later.
struct RunStopped: Error {
    var reason: String
}

/// What a batch came to.
struct CommittedBatch: Sendable {
    var counters: ChangeCounters
    var quarantined: [QuarantinedRow]
    var cursor: String
    var position: Int?
    /// The key of the last record, if the rows came from a table.
    var lastKey: [Value]?

    init<Row>(_ batch: LoadedBatch<Row>, counters: ChangeCounters, quarantined: [QuarantinedRow]) {
        self.counters = counters
        self.counters.visited = batch.visited
        self.counters.quarantined = quarantined.count
        self.quarantined = quarantined
        cursor = batch.cursor
        position = batch.position
        lastKey = batch.table.map { $0.key($0.rows.count - 1) }
    }
}
