/// A source of rows of your own: an async sequence of rows, each with a cursor.
///
/// The engine saves the cursor of a batch's last row in the transaction that writes the batch, and hands it back when
/// the run is resumed. So no row is lost or doubled, as long as the rows behind a cursor are the same each time.
///
///     struct RemoteUsers: RowSource {
///         typealias Row = RemoteUser
///         func rows(after cursor: String?) -> AsyncThrowingStream<SourceRow<RemoteUser>, any Error> {
///             // ask the service for the page behind `cursor` …
///         }
///     }
///
/// Rows are read ahead, outside of any transaction, while the batch before them is being written.
public protocol RowSource<Row>: BatchSource {
    /// The rows.
    associatedtype Rows: AsyncSequence where Rows.Element == SourceRow<Row>

    /// The rows behind a cursor; from the start if it is `nil`.
    ///
    /// - Throws: whatever keeps the source from being read. The run fails with it, and can be resumed.
    func rows(after cursor: String?) async throws -> Rows

    /// What identifies the source's content. A run that began with another fingerprint refuses to go on. `nil`, the
    /// default, means that the content can't be identified.
    ///
    /// - Throws: whatever keeps the source from being read.
    func fingerprint() async throws -> String?

    /// How much there is to read, where that is cheap to know; `nil` by default.
    ///
    /// - Throws: whatever keeps the source from being read.
    func size() async throws -> SourceSize?

    /// Reads a row again out of what the quarantine kept of it, for `azu db:data:retry`.
    ///
    /// - Parameter original: ``SourceRow/original`` of the row that was quarantined.
    /// - Returns: the row, or `nil` if this source can't (the default).
    /// - Throws: where the record is still malformed.
    func row(from original: String) throws -> Row?
}

extension RowSource {
    /// The type's name.
    public var label: String { String(describing: Self.self) }

    /// The content can't be identified.
    public func fingerprint() async throws -> String? { nil }

    /// Not known.
    public func size() async throws -> SourceSize? { nil }

    /// A row can't be read again.
    public func row(from original: String) throws -> Row? { nil }

    /// Reads the sequence in batches.
    public func _reading() -> SourceReading<Row> {
        SourceReading(
            kind: .stream(
                StreamReading(
                    fingerprint: { try await fingerprint() },
                    size: { try await size() },
                    open: { SequenceReader(try await rows(after: $0)) },
                    reread: { try row(from: $0) }
                )
            )
        )
    }
}

/// One row of a ``RowSource``, and how to go on behind it.
public struct SourceRow<Row: Sendable>: Sendable {
    /// The row.
    public var row: Row
    /// Where to go on behind this row.
    public var cursor: String
    /// The row as it came, for the quarantine.
    public var original: String

    /// Makes a row.
    public init(_ row: Row, cursor: String, original: String = "") {
        self.row = row
        self.cursor = cursor
        self.original = original
    }
}

/// Cuts a sequence into batches.
private final class SequenceReader<Source: AsyncSequence, Row: Sendable>: BatchReader
where Source.Element == SourceRow<Row> {
    private var iterator: Source.AsyncIterator

    init(_ rows: Source) { iterator = rows.makeAsyncIterator() }

    func next(rows limit: Int, bytes: Int) async throws -> SourceBatch<Row>? {
        var taken: [SourceRow<Row>] = []
        taken.reserveCapacity(limit)
        while taken.count < limit, let row = try await iterator.next(isolation: #isolation) { taken.append(row) }
        guard let last = taken.last else { return nil }
        let batch = taken
        return SourceBatch(
            rows: batch.map(\.row),
            records: Array(batch.indices),
            cursor: last.cursor,
            locator: { batch[$0].cursor },
            original: { batch[$0].original }
        )
    }
}
