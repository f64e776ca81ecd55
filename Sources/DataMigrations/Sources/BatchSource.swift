/// Where the rows of a ``BatchMigration`` come from: a ``Query``, a ``CSVFile``, a ``JSONFile``, a ``JSONLinesFile``.
///
/// A source of your own conforms to ``RowSource``.
public protocol BatchSource<Row>: Sendable {
    /// What one row is decoded to.
    associatedtype Row: Sendable

    /// What a person calls the source: a table, a path, a URL without credentials.
    var label: String { get }

    /// How the engine reads this source. It is azu's own business, and may change.
    func _reading() -> SourceReading<Row>
}

/// How the engine reads a source.
public struct SourceReading<Row: Sendable>: Sendable {
    enum Kind: Sendable {
        /// A table, a batch at a time, inside the transaction that writes the batch.
        case table(TableReading<Row>)
        /// Anything else, read ahead of the writing.
        case stream(StreamReading<Row>)
    }

    let kind: Kind
}

/// How much there is to read.
public enum SourceSize: Sendable, Hashable {
    /// A number of rows.
    case rows(Int)
    /// A number of bytes.
    case bytes(Int)
}

/// A source that is not a table.
struct StreamReading<Row: Sendable>: Sendable {
    /// What identifies the content; a run that began with another one refuses to go on.
    ///
    /// `nil` where it can't be known.
    var fingerprint: @Sendable () async throws -> String?
    /// How much there is to read, where that is cheap to know.
    var size: @Sendable () async throws -> SourceSize?
    /// Starts to read behind a cursor, or from the start.
    var open: @Sendable (_ cursor: String?) async throws -> any BatchReader<Row>
    /// Reads a row again out of what the quarantine kept of it, for `azu db:data:retry`; `nil` if this source can't.
    var reread: @Sendable (_ record: String) throws -> Row?
}

/// Reads a source from one place on.
///
/// One task at a time asks it.
protocol BatchReader<Row>: AnyObject {
    associatedtype Row: Sendable

    /// The next rows, `nil` at the end.
    ///
    /// - Parameters:
    ///   - rows: at most this many.
    ///   - bytes: end the batch once it takes this much memory, however few rows it holds by then (but at least one).
    /// - Returns: the batch, or `nil` at the end.
    /// - Throws: what keeps the source from being read.
    func next(rows: Int, bytes: Int) async throws -> SourceBatch<Row>?
}

/// Rows that were read together.
struct SourceBatch<Row: Sendable>: Sendable {
    /// The rows that could be read.
    var rows: [Row]
    /// For each of `rows`, its number among the records of the batch, counted from 0.
    var records: [Int]
    /// The records that could not be read.
    var malformed: [MalformedRecord] = []
    /// Where to go on behind this batch.
    var cursor: String
    /// How far the source has been read, in bytes, where it is a file.
    var position: Int?
    /// What a person finds a record by: `line 17`.
    ///
    /// Asked for only where a row has to be quarantined.
    var locator: @Sendable (_ record: Int) -> String
    /// The record as it came, such that ``StreamReading/reread`` can read it.
    var original: @Sendable (_ record: Int) -> String

    /// How many records were read, malformed ones included.
    var count: Int { rows.count + malformed.count }
}

/// A record that could not be read.
struct MalformedRecord: Sendable {
    /// What a person finds it by: `line 17`.
    var locator: String
    /// The record as it came.
    var original: String
    /// What is wrong, in one line without values.
    var problem: String
}
