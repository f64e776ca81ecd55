import DataMigrations

/// What a migration would do, for a program.
struct PreviewRecord: Encodable {
    var version: String
    var name: String
    var hasWork: Bool
    var error: String?
    var sources: [Preview.Source]
    var batches: Int
    var counters: ChangeCounters
    var rows: [Preview.Row]
    var quarantined: [BadRow]
    var statements: [Preview.Statement]
    var locks: [String]
    var triggers: [String]
    var logBytesPerRow: Int?
    var secondsAtBest: Double?
    var secondsAtWorst: Double?
    var notes: [String]

    /// A row that would be put aside.
    struct BadRow: Encodable {
        var row: String
        var error: String
        var original: String
    }

    init(_ preview: Preview) {
        version = preview.version
        name = preview.name
        hasWork = preview.hasWork
        error = preview.failure
        sources = preview.sources
        batches = preview.batches
        counters = preview.counters
        rows = preview.rows
        quarantined = preview.quarantined.map { BadRow(row: $0.locator, error: $0.error, original: $0.original) }
        statements = preview.statements
        locks = preview.locks
        triggers = preview.triggers
        logBytesPerRow = preview.bytesPerRow
        secondsAtBest = preview.seconds?.lowerBound
        secondsAtWorst = preview.seconds?.upperBound
        notes = preview.notes
    }
}
