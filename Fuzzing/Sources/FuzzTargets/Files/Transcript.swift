@testable import DataMigrations

/// How a file is opened and read, to be read in many ways.
struct FileUnderTest<Row: Sendable>: Sendable {
    var open: @Sendable (_ cursor: String?, _ chunk: Int) throws -> any BatchReader<Row>
    var describe: @Sendable (Row) -> String
}

/// What reading gave.
struct Transcript: Equatable {
    struct Record: Equatable {
        /// The row, in words; `nil` if there is none.
        var row: String?
        /// What is wrong with it otherwise.
        var problem: String?
        var locator: String
        var original: String
    }

    var records: [Record] = []
    /// The error at which it ended, in words.
    var end: String?
    /// The cursor behind each batch, and how many records came up to there.
    var checkpoints: [(cursor: String, records: Int)] = []

    static func == (left: Transcript, right: Transcript) -> Bool {
        left.records == right.records && left.end == right.end
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - cursor: where to go on.
    ///   - chunk: how large the window is at first.
    ///   - rows: how many records a batch has.
    ///   - bytes: how much memory a batch takes.
    /// - Returns: what came, up to an error.
    static func read<Row>(
        _ file: FileUnderTest<Row>,
        after cursor: String? = nil,
        chunk: Int = 4_096,
        rows: Int = 1,
        bytes: Int = 1 << 20
    ) async -> Transcript {
        var transcript = Transcript()
        do {
            let reader = try file.open(cursor, chunk)
            while let batch = try await reader.next(rows: rows, bytes: bytes) {
                transcript.append(batch, file)
            }
        } catch {
            transcript.end = "\(error)"
        }
        return transcript
    }

    private mutating func append<Row>(_ batch: SourceBatch<Row>, _ file: FileUnderTest<Row>) {
        require(batch.count > 0, "a batch without records")
        require(batch.rows.count == batch.records.count, "rows without records")
        var rows = zip(batch.rows, batch.records).makeIterator()
        var malformed = batch.malformed.makeIterator()
        var row = rows.next()
        for number in 0..<batch.count {
            if let (value, record) = row, record == number {
                let (locator, original) = (batch.locator(number), batch.original(number))
                records.append(Record(row: file.describe(value), locator: locator, original: original))
                row = rows.next()
            } else if let next = malformed.next() {
                require(next.locator == batch.locator(number), "two locators of one record")
                records.append(Record(problem: next.problem, locator: next.locator, original: next.original))
            }
        }
        require(row == nil && malformed.next() == nil, "the records of a batch are not numbered in their order")
        checkpoints.append((batch.cursor, records.count))
    }
}

/// Reads a file in windows and batches of many sizes, and on from its checkpoints: each time the same must come.
///
/// - Returns: what came.
@discardableResult
func checkReading<Row>(_ file: FileUnderTest<Row>) async -> Transcript {
    let whole = await Transcript.read(file)
    for (chunk, rows, bytes) in [(1, 1, 1), (7, 3, 1 << 20), (64, 1000, 40), (4_096, 1000, 1 << 20)] {
        let other = await Transcript.read(file, chunk: chunk, rows: rows, bytes: bytes)
        require(other.end == whole.end, "in chunks of \(chunk), it ends with \(other.end ?? "nothing")")
        // An error takes the batch along in which it comes up.
        let isComplete = whole.end == nil || rows == 1
        let count = isComplete ? whole.records.count : other.records.count
        require(other.records.count == count, "in chunks of \(chunk), there are \(other.records.count) records")
        require(other.records[...] == whole.records.prefix(count), "in chunks of \(chunk), there are other records")
    }
    let step = max(1, whole.checkpoints.count / 6)
    for (index, checkpoint) in whole.checkpoints.enumerated() where index % step == 0 {
        let rest = await Transcript.read(file, after: checkpoint.cursor, chunk: [1, 16, 4_096][index % 3])
        require(rest.end == whole.end, "from \(checkpoint.cursor) on, it ends with \(rest.end ?? "nothing")")
        let expected = whole.records.dropFirst(checkpoint.records)
        require(rest.records[...] == expected, "from \(checkpoint.cursor) on, there are other records")
    }
    return whole
}
