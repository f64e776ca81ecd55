import Database
import Synchronization

/// What the database says of its tables, asked again after some seconds: a column may be added while a run goes on.
final class KnownTables: Sendable {
    private struct Known {
        var schema: TableSchema?
        var asked: ContinuousClock.Instant
    }

    private static var lifetime: Duration { .seconds(5) }
    private let known = Mutex<[String: Known]>([:])

    /// - Throws: ``/Database/DatabaseError``.
    func schema(of table: String, _ connection: any DatabaseConnection) async throws -> TableSchema? {
        if let known = known.withLock({ $0[table] }), known.asked.duration(to: .now) < Self.lifetime {
            return known.schema
        }
        let schema = try await connection.schema(of: table)
        known.withLock { $0[table] = Known(schema: schema, asked: .now) }
        return schema
    }
}

extension TableSchema {
    /// The columns that find a row for good; `nil` where there are none: the place of a row without a key changes with
    /// each write (PostgreSQL's `ctid`).
    var lastingKey: [String]? {
        if !primaryKey.isEmpty { return primaryKey }
        return blocks == nil ? rowIdentifier.map { [$0] } : nil
    }

    /// Whether rows are found by their place: VACUUM may put other rows there, so they are told by all that they hold.
    func isPlace(_ columns: [String]) -> Bool { rowIdentifier.map { [$0] } == columns }

    /// Whether a row has NULL in its key: SQLite lets it in where the key does not say NOT NULL, and `>` would never reach
    /// such a row.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    func hasNull(in key: [String], _ connection: any DatabaseConnection) async throws -> Bool {
        let nullable = key.filter { column($0)?.isNullable ?? true }
        guard !nullable.isEmpty else { return false }
        let isNull = SQL.joined(nullable.map { "\(identifier: $0) IS NULL" }, separator: " OR ")
        return try await !connection.query("SELECT 1 FROM \(identifier: name) WHERE \(isNull) LIMIT 1").isEmpty
    }

    /// The columns that hold values of their own.
    var storedColumns: [String] { columns.filter { !$0.isGenerated }.map(\.name) }

    /// What a deleted row is put down as: also its rowid, where that is its key.
    var wholeRow: [String] { (lastingKey ?? []).filter { column($0) == nil } + storedColumns }
}

extension Dialect {
    /// What tells whether a row was changed since.
    func changeHash(of columns: [String], _ schema: TableSchema) -> SQL {
        changeHash(columns.map { "\(identifier: $0)" }, types: columns.map { schema.column($0)?.type ?? "" })
    }
}

extension [Value] {
    /// Rows of `width` values each, every one of them once.
    func uniqueRows(width: Int) -> [Value] {
        var seen: Set<ExactKey> = []
        return stride(from: 0, to: count, by: Swift.max(1, width)).flatMap { start in
            let row = self[start..<start + width]
            return seen.insert(ExactKey(row)).inserted ? Array(row) : []
        }
    }
}
