/// How a migration is run.
public struct MigrationOptions: Sendable {
    /// How many rows a batch takes.
    public enum BatchSize: Sendable, Hashable {
        /// Starts at 1 000 rows and follows the measured time of a transaction, up to `max` rows.
        case adaptive(max: Int = 10_000)
        /// Always the same number of rows.
        case fixed(Int)
    }

    /// How many bad rows a run may have and still count as executed.
    public enum Tolerance: Sendable, Hashable {
        /// None: a person must retry or accept them.
        case none
        /// At most this many.
        case upTo(Int)
    }

    /// Whether before-images are kept.
    public enum Journal: Sendable, Hashable {
        /// Each batch puts down, in its own transaction, what it changes, inserts and deletes: `db:data:rollback` takes
        /// the migration back without a `down`.
        case on
        /// Nothing is put down; without a `down` there is no way back.
        case off
    }

    /// How many rows a batch takes.
    public var batchSize: BatchSize
    /// How many bad rows are put aside before the run fails.
    public var quarantineLimit: Int
    /// How many bad rows a run may have and still count as executed.
    public var tolerates: Tolerance
    /// Whether before-images are kept.
    public var journal: Journal

    /// Whether a run with so many bad rows counts as executed.
    func tolerates(_ badRows: Int) -> Bool {
        switch tolerates {
        case .none: badRows == 0
        case .upTo(let most): badRows <= most
        }
    }

    /// Makes options.
    public init(
        batchSize: BatchSize = .adaptive(),
        quarantineLimit: Int = 1_000,
        tolerates: Tolerance = .none,
        journal: Journal = .on
    ) {
        self.batchSize = batchSize
        self.quarantineLimit = quarantineLimit
        self.tolerates = tolerates
        self.journal = journal
    }
}
