@testable import DataMigrations

/// All that a source gave.
struct Everything<Row: Sendable>: Sendable {
    var rows: [Row] = []
    var malformed: [MalformedRecord] = []
    /// The cursor behind each batch, and how many rows came up to there.
    var cursors: [(cursor: String, rows: Int)] = []
    var batches: [SourceBatch<Row>] = []

    /// What was wrong, by place: `line 3: has 1 field, the header has 2`.
    var problems: [String] { malformed.map { "\($0.locator): \($0.problem)" } }
}

extension Everything {
    static func read(
        _ reader: any BatchReader<Row>,
        rows: Int = 1000,
        bytes: Int = 1 << 20
    ) async throws -> Everything<Row> {
        var all = Everything<Row>()
        while let batch = try await reader.next(rows: rows, bytes: bytes) {
            all.rows += batch.rows
            all.malformed += batch.malformed
            all.cursors.append((batch.cursor, all.rows.count))
            all.batches.append(batch)
        }
        return all
    }
}

struct NotAStream: Error {}

extension BatchSource {
    /// How the source is read.
    func stream() throws -> StreamReading<Row> {
        guard case .stream(let stream) = _reading().kind else { throw NotAStream() }
        return stream
    }

    /// Reads what is behind a cursor.
    func everything(after cursor: String? = nil, rows: Int = 1000, bytes: Int = 1 << 20) async throws -> Everything<Row>
    {
        let reader = try await stream().open(cursor)
        return try await Everything.read(reader, rows: rows, bytes: bytes)
    }

    /// The error that reading fails with, as text.
    func failure() async -> String {
        do {
            let all = try await everything()
            return "read \(all.rows.count) rows"
        } catch {
            return "\(error)"
        }
    }
}
