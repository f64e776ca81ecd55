import Database
import Synchronization

/// Ends a batch's transaction: bad rows, how far the run came, and COMMIT, in one round trip with what is left to write.
final class Checkpoint: Sendable {
    private let slice: SliceRecord
    let lease: Lease
    /// Finds out whether rows leave the migration's condition; `nil` where there is none, or it is known.
    private let walk: TableWalk?
    private let empties: Mutex<Bool?>
    private let lastKey: Mutex<[Value]?>
    /// How many batches of the part are committed.
    private let batches: Mutex<Int>

    /// Commits the batches of `slice`; looks at the condition of `walk`, if it has one.
    init(_ slice: SliceRecord, lease: Lease, walk: TableWalk?) {
        self.slice = slice
        self.lease = lease
        self.walk = walk?.predicate == nil ? nil : walk
        empties = Mutex(slice.empties)
        batches = Mutex(slice.batches)
        lastKey = Mutex((slice.cursor ?? slice.lower).flatMap(StoredValue.values(of:)))
    }

    /// What of the run its batches are.
    var info: SliceInfo {
        SliceInfo(step: slice.step, number: slice.number, kind: slice.kind.rawValue, isResumed: slice.cursor != nil)
    }

    /// Whether rows leave the condition when they are processed: whether a row that still meets it at the end was missed.
    var emptiesItself: Bool { empties.withLock { $0 ?? false } }

    /// Commits a batch.
    ///
    /// - Throws: ``MigrationError`` if another process has taken the part over, or there are too many bad rows.
    func commit(_ done: CommittedBatch, after rest: [Statement], context: RunContext) async throws {
        try context.checkLimit(adding: done.quarantined)
        var rest = rest
        var found: Bool?
        let known = empties.withLock { $0 }
        if let walk, let table = done.table, asks(walk, known, context), known == true || done.counters.written > 0 {
            let bad = done.quarantined.count
            let left = left(of: table, walk, limit: bad + 1, context.connection.dialect)
            let counts = try await context.connection.run(rest + left.map { .query($0) }).suffix(left.count)
            let stays = counts.map { ($0.rows?.first?[0].integer ?? 0) > Int64(bad) }
            found = !stays.contains(true)
            rest = []
            if walk.isByBlocks, stays.first == true, done.counters.changed > 0 {
                throw MigrationError(
                    .mismatch,
                    "\(context.run.name): \(walk.schema.name) has no primary key, so a row that still meets the condition "
                        + "after it was changed would be changed again; give the table a key, or `rows` a condition that "
                        + "changed rows do not meet"
                )
            }
            if known == true, found == false {
                throw MigrationError(
                    .verification,
                    "rows of \(walk.schema.name) still meet the condition of \(context.run.name) though this batch has "
                        + "processed them, while those before left it; change the condition, or what it does with them"
                )
            }
        }
        let ledger = context.ledger
        rest += context.renewal()
        rest += ledger.quarantine(done.quarantined, of: context.run, slice: slice.id, step: slice.step)
        rest += ledger.journal(done.journal, of: context.run, slice: slice.id)
        let advance = ledger.advance(
            lease,
            cursor: done.cursor,
            position: done.position,
            empties: found,
            by: done.counters
        )
        rest.append(.query(ledger.control(of: context.run)))
        let results = try await context.run(rest + [advance, .commit], fencedAt: rest.count)
        context.control.take(results[rest.count - 1].rows)
        if let found { empties.withLock { $0 = found } }
        noteCommit(done)
    }

    /// Whether it is worth asking.
    ///
    /// Where others write meanwhile, a row may meet the condition again for their sake: only the first batch is asked.
    private func asks(_ walk: TableWalk, _ known: Bool?, _ context: RunContext) -> Bool {
        if walk.isByBlocks { return known == nil }
        return context.connection.dialect.rowLock == nil ? known ?? true : known == nil
    }

    /// How many rows of a batch still meet the condition; where they have places, those that were changed and those that
    /// were not are counted apart.
    private func left(of table: TableRows, _ walk: TableWalk, limit: Int, _ dialect: any Dialect) -> [SQL] {
        // A changed row has another place then; but it was written by this transaction.
        if walk.isByBlocks, let own = dialect.ownRows {
            let blocks = (0..<table.rows.count).compactMap { BlockPosition(table.key($0))?.block }
            let range = walk.among(blocks: (blocks.min() ?? 0)..<(blocks.max() ?? 0) + 1)
            return [walk.count(where: own, limit: limit), walk.count(where: range, limit: limit)]
        }
        guard dialect.rowLock != nil else {
            return [walk.count(after: lastKey.withLock { $0 }, upTo: table.lastKey, limit: limit)]
        }
        // Some tell as much as all: either all rows leave the condition, or none does. The condition binds values, too.
        let isOneList = dialect.bindsListsAsArrays && walk.keyset.columns.count == 1
        let most = isOneList ? Int.max : dialect.maximumBoundValues / 2
        let rows = min(table.rows.count, most / walk.keyset.columns.count)
        return [walk.count(where: walk.keyset.condition(among: (0..<rows).map(table.key)), limit: limit)]
    }

    private func noteCommit(_ done: CommittedBatch) {
        lastKey.withLock { $0 = done.table?.lastKey }
        batches.withLock { $0 += 1 }
    }

    /// Whether a batch was committed although nobody said so.
    ///
    /// The part's row is locked by the transaction in question until it is over: this waits for it.
    func isCommitted(_ done: CommittedBatch, context: RunContext) async throws -> Bool {
        let record = try await context.ledger.reread(slice.id, lock: context.connection.dialect.lockClause)
        guard let record, record.batches == batches.withLock({ $0 }) + 1, record.cursor == done.cursor else {
            return false
        }
        guard record.epoch == lease.epoch else { throw context.leaseLost }
        noteCommit(done)
        return true
    }
}
