/// What was done to rows.
public struct ChangeCounters: Sendable, Hashable, Codable {
    /// Rows that were read.
    public var visited = 0
    /// Rows that were changed in place.
    public var changed = 0
    /// Rows that were inserted.
    public var inserted = 0
    /// Rows that were deleted.
    public var deleted = 0
    /// Rows that were left out because they were there already.
    public var skipped = 0
    /// Rows that were put aside because they could not be processed.
    public var quarantined = 0

    /// Makes counters.
    public init(
        visited: Int = 0,
        changed: Int = 0,
        inserted: Int = 0,
        deleted: Int = 0,
        skipped: Int = 0,
        quarantined: Int = 0
    ) {
        self.visited = visited
        self.changed = changed
        self.inserted = inserted
        self.deleted = deleted
        self.skipped = skipped
        self.quarantined = quarantined
    }

    /// How many rows were written.
    public var written: Int { changed + inserted + deleted }

    static func += (left: inout ChangeCounters, right: ChangeCounters) {
        left.visited += right.visited
        left.changed += right.changed
        left.inserted += right.inserted
        left.deleted += right.deleted
        left.skipped += right.skipped
        left.quarantined += right.quarantined
    }
}
