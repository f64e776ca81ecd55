import Foundation

/// The rows of a file with one JSON value a line (JSON Lines, NDJSON), plain or zipped by gzip.
///
///     struct Event: Decodable { var id: Int64; var happenedAt: Date; var payload: [String: String] }
///     var rows: JSONLinesFile<Event> { JSONLinesFile("db/data/events.jsonl.gz") }
///
/// The key `happened_at` or `happenedAt` belongs to the property `happenedAt`. Blank lines are skipped. A line that is
/// not JSON, or not what the rows decode from, is quarantined with its number.
public struct JSONLinesFile<Row: Decodable & Sendable>: BatchSource {
    /// The path as the migration names it.
    public let label: String
    let dates: DateFormats

    /// Names a file.
    ///
    /// - Parameters:
    ///   - path: where the file is; a relative path starts from the project's root.
    ///   - dates: how dates are written, tried in turn; ``DateFormat/iso8601`` if none is given.
    public init(_ path: String, dates: DateFormat...) {
        label = path
        self.dates = DateFormats(dates)
    }

    /// Reads the file a batch at a time.
    public func _reading() -> SourceReading<Row> {
        .file(
            label,
            open: { try JSONLinesReader<Row>($0, dates: dates, cursor: $1) },
            reread: { try JSONRowDecoder<Row>(dates).reread($1) }
        )
    }
}
