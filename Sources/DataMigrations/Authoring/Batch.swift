public import Database
import Synchronization

/// The transaction of a batch, as a migration's code sees it: everything that is read and written through it is part of
/// that transaction, and what is written is counted.
public final class Batch: DatabaseAccess, WriteRecording {
    /// The connection, inside the batch's transaction.
    public let connection: any DatabaseConnection
    /// Whether the transaction is rolled back in any case, because somebody only wants to see what would happen.
    public let isPreview: Bool
    private let changes = Mutex(ChangeCounters())
    private let source = Mutex<BulkDelete?>(nil)
    private let refused = Mutex<[(index: Int, error: RefusedRow)]>([])

    /// What this batch does to rows; `nil` where the migration keeps no journal.
    let journal: BatchJournal?

    init(_ connection: any DatabaseConnection, journal: BatchJournal?, isPreview: Bool = false) {
        self.connection = connection
        self.journal = journal
        self.isPreview = isPreview
    }

    /// Deletes the rows of this batch from the table they were read from, by the table's own key; also where the model
    /// has no property for it, or the table no primary key.
    ///
    /// - Returns: how many were deleted.
    /// - Throws: ``/Database/DatabaseError``; ``ModelError`` if the rows did not come from a table.
    @discardableResult
    public func deleteRows() async throws -> Int {
        guard let source = source.withLock({ $0 }) else {
            throw ModelError("only rows of a table can be deleted where they came from")
        }
        let deleted = try await write(source).changes
        count(.init(deleted: deleted))
        return deleted
    }

    /// Puts a row of this batch aside, without a word of the others: what `process` finds out about rows set by set need
    /// not be found out again row by row.
    ///
    ///     let users = try await batch.insert(rows.map(User.init), onConflict: .skip("email"))
    ///     for (index, id) in users.ids.enumerated() where id == nil {
    ///         batch.quarantine(index, "another user has this e-mail address")
    ///     }
    ///
    /// What was written for the row stays written: leave it out before.
    ///
    /// - Parameters:
    ///   - index: the row's place in the array that `process` was given.
    ///   - reason: one line for the person who looks at it later.
    public func quarantine(_ index: Int, _ reason: String) {
        refused.withLock { $0.append((index, RefusedRow(description: reason))) }
    }

    /// The rows that were put aside since this was last asked.
    func takeRefused() -> [(index: Int, error: RefusedRow)] {
        refused.withLock { refused in
            defer { refused = [] }
            return refused
        }
    }

    /// Remembers what ``deleteRows()`` deletes.
    func holds(_ rows: BulkDelete?) { source.withLock { $0 = rows } }

    func noteOutside(_ what: String) { journal?.addOutside(what) }

    /// The same transaction under a savepoint, with an account of its own until it is ``absorb(_:)``ed.
    func part() -> Batch {
        Batch(connection, journal: journal.map { BatchJournal($0.tables) }, isPreview: isPreview)
    }

    /// Adds what a part did.
    func absorb(_ part: Batch) {
        count(part.counters)
        if let own = part.journal { journal?.absorb(own) }
    }

    func count(_ more: ChangeCounters) { changes.withLock { $0 += more } }

    /// What was written so far.
    var counters: ChangeCounters { changes.withLock { $0 } }
}

/// Why an author's code put a row aside.
struct RefusedRow: Error, CustomStringConvertible {
    let description: String
}
