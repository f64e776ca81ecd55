public import Database

/// How SQLite writes what differs.
public struct SQLiteDialect: Dialect {
    /// `SQLite`.
    public let name = "SQLite"
    /// The limit the library was compiled with, 32 766 unless told otherwise.
    public let maximumBoundValues: Int

    /// `?`: SQLite numbers them itself.
    public func placeholder(_ position: Int) -> String { "?" }

    /// A rowid that is not used again, so that an id in a log stays one row's for good.
    public var generatedKeyDefinition: String { "INTEGER PRIMARY KEY AUTOINCREMENT" }

    /// `julianday('now')` has milliseconds, and does not need SQLite 3.42 as `unixepoch('subsec')` does.
    public var currentMilliseconds: String { "CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)" }
}
