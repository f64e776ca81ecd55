public import Database

/// How SQLite writes what differs.
public struct SQLiteDialect: Dialect {
    /// `SQLite`.
    public let name = "SQLite"
    /// The limit the library was compiled with, 32 766 unless told otherwise.
    public let maximumBoundValues: Int

    /// `?`: SQLite numbers them itself.
    public func placeholder(_ position: Int) -> String { "?" }

    /// `azu_row_hash(a, b)`, a function of the connection's own.
    public func rowHash(_ columns: [SQL]) -> SQL {
        // A function takes 127 arguments, unless SQLite was compiled with another limit.
        guard columns.count > 100 else { return "\(raw: RowHash.name)(\(SQL.joined(columns, separator: ", ")))" }
        return rowHash([rowHash(Array(columns.prefix(99)))] + columns.dropFirst(99))
    }

    /// `a IS ?`: the column's affinity is applied to the value, as it was when that was stored.
    public func stores(_ column: SQL, _ value: Value, type: String) -> SQL { "\(column) IS \(value)" }

    /// A rowid that is not used again, so that an id in a log stays one row's for good.
    public var generatedKeyDefinition: String { "INTEGER PRIMARY KEY AUTOINCREMENT" }

    /// `julianday('now')` has milliseconds, and does not need SQLite 3.42 as `unixepoch('subsec')` does.
    public var currentMilliseconds: String { "CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)" }
}
