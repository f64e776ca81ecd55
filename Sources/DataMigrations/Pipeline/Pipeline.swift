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
    /// A batch whose COMMIT was sent and not answered.
    private var lost: (batch: LoadedBatch<Row>, done: CommittedBatch)?

    init(_ feed: any BatchFeed<Row>, _ work: any BatchWork<Row>, checkpoint: Checkpoint, context: RunContext) {
        self.feed = feed
        self.work = work
        self.checkpoint = checkpoint
        self.context = context
    }

    /// Goes on until there are no more rows.
    ///
    /// - Returns: what was done.
    /// - Throws: ``RunStopped`` if somebody wants the run to stop, or what keeps it from going on.
    func run() async throws -> ChangeCounters {
        try await context.observer.around(.slice(checkpoint.info)) {
            let total = try await batches()
            return (total, .slice(total))
        }
    }

    private func batches() async throws -> ChangeCounters {
        var total = ChangeCounters()
        var waited = Duration.zero
        while true {
            waited += try await context.pass(checkpoint.lease)
            guard let batch = try await next(waited: waited) else {
                await feed.discardNext()
                return total
            }
            total += batch.counters
            waited = try await context.paused(after: batch.duration, rows: batch.counters.visited)
        }
    }

    /// Takes the next rows through, with all the attempts that it needs; `nil` if there are none.
    private func next(waited: Duration) async throws -> BatchProgress? {
        let size = context.batchRows
        return try await context.observer.around(.batch(size: size)) {
            // Of the last go at it: those before, and the pauses between, say nothing of how long batches take.
            var start = ContinuousClock.now
            let done = try await context.retry.run(failed: { self.context.sizer.shrink(after: $0) }) {
                start = .now
                return try await self.context.load.noting { try await self.transact(rows: self.context.batchRows) }
            }
            guard let done else { return (nil, .batch(nil)) }
            let duration = start.duration(to: .now)
            context.sizer.record(rows: done.counters.visited, took: duration)
            context.sizer.ease(context.load.easings)
            let progress = context.committed(done, size: size, duration: duration, waited: waited)
            return (progress, .batch(progress))
        }
    }

    private func transact(rows: Int) async throws -> CommittedBatch? {
        if let done = try await settleLostCommit() { return done }
        // What fails here is the source, never a row.
        guard let batch = try await begin(rows: rows) else { return nil }
        do {
            return try await commit(batch)
        } catch  where Fault.isRowFault(error) || error.isUnwritten {
            if error.isUnwritten, feed.isOptimistic {
                // Somebody changed rows between our read and our write: they are read again, and transformed again.
                guard let batch = try await begin(rows: rows) else { return nil }
                do {
                    return try await commit(batch)
                } catch  where Fault.isRowFault(error) || error.isUnwritten {}
            }
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
            let handle = context.batch()
            let written = try await work.write(batch, in: handle)
            let done = await CommittedBatch(batch, by: handle, quarantined: written.faults)
            try await commit(done, of: batch, after: written.rest)
            return done
        }
    }

    private func commit(_ done: CommittedBatch, of batch: LoadedBatch<Row>, after rest: [Statement]) async throws {
        do {
            try await checkpoint.commit(done, after: rest + [.checkConstraints], context: context)
        } catch let error as DatabaseError where error.code == .connectionLost {
            lost = (batch, done)
            throw error
        }
        feed.committed(batch)
    }

    /// What became of a COMMIT whose answer was lost: the checkpoint tells.
    private func settleLostCommit() async throws -> CommittedBatch? {
        guard let (batch, done) = lost else { return nil }
        let isCommitted = try await checkpoint.isCommitted(done, context: context)
        lost = nil
        guard isCommitted else { return nil }
        feed.committed(batch)
        return done
    }

    /// The way to find bad rows: the same rows again, in parts.
    private func commitInParts(_ batch: LoadedBatch<Row>) async throws -> CommittedBatch {
        try await rollingBackOnError {
            let prepared = try await work.prepare(batch, connection: context.connection)
            let handle = context.batch()
            var bisection = Bisection(prepared, in: handle)
            try await bisection.run()
            let bad = prepared.faults + bisection.quarantined
            let done = await CommittedBatch(batch, by: handle, quarantined: bad)
            try await commit(done, of: batch, after: [])
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
package struct RunStopped: Error {
    package var reason: String
    /// Whether the ledger says so already.
    var isRecorded = false
}

/// What a batch came to.
struct CommittedBatch: Sendable {
    var counters: ChangeCounters
    var quarantined: [QuarantinedRow]
    var cursor: String
    var position: Int?
    /// The records, if they came from a table.
    var table: TableRows?
    /// What it did to rows, if that is put down.
    var journal: JournalEntry?

    init<Row>(_ batch: LoadedBatch<Row>, by handle: Batch, quarantined: [QuarantinedRow]) async {
        counters = handle.counters
        journal = await handle.journal?.entry()
        self.counters.visited = batch.visited
        self.counters.quarantined = quarantined.count
        self.quarantined = quarantined
        cursor = batch.cursor
        position = batch.position
        table = batch.table
    }
}
