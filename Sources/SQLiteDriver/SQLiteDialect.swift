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

    /// `a COLLATE BINARY IS ?`: the column's affinity is applied to the value, as it was when that was stored, and its
    /// collation is not.
    public func stores(_ column: SQL, _ value: Value, type: String) -> SQL {
        var value = value
        // A comparison leaves an integer whole, where such a column has stored the nearest floating point number.
        if storesReals(type), let integer = value.integer { value = .double(Double(integer)) }
        return "\(column) COLLATE BINARY IS \(value)"
    }

    /// Whether columns of a type make floating point numbers of integers (https://www.sqlite.org/datatype3.html).
    private func storesReals(_ type: String) -> Bool {
        let type = type.uppercased()
        return !["INT", "CHAR", "CLOB", "TEXT", "BLOB"].contains { type.contains($0) }
            && ["REAL", "FLOA", "DOUB"].contains { type.contains($0) }
    }

    /// `PRAGMA defer_foreign_keys = ON`: it ends with the transaction.
    public var deferringForeignKeys: SQL? { "PRAGMA defer_foreign_keys = ON" }

    /// From `sqlite_master`: without the tables and indexes that SQLite makes by itself.
    public var schemaListing: SQL? {
        """
        SELECT type || ' ' || name || CASE WHEN type IN ('index', 'trigger') THEN ' of ' || tbl_name ELSE '' END, sql
        FROM sqlite_master WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_'
        """
    }

    /// `EXPLAIN QUERY PLAN …`.
    public func explanation(of query: SQL) -> SQL { "EXPLAIN QUERY PLAN \(query)" }

    /// Reads a line such as `SCAN users` or `USE TEMP B-TREE FOR ORDER BY`.
    public func planStep(_ line: String) -> PlanStep? {
        if line.hasPrefix("USE TEMP B-TREE") { return .sort }
        guard let scan = line.firstMatch(of: #/^SCAN (TABLE )?(\S+)/#), !line.contains("USING") else { return nil }
        return .scan(table: String(scan.2))
    }

    /// A rowid that is not used again, so that an id in a log stays one row's for good.
    public var generatedKeyDefinition: String { "INTEGER PRIMARY KEY AUTOINCREMENT" }

    /// `julianday('now')` has milliseconds, and does not need SQLite 3.42 as `unixepoch('subsec')` does.
    public var currentMilliseconds: String { "CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)" }
}
