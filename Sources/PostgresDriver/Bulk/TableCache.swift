import Database
import Synchronization

/// What a session knows of the tables that it writes in bulk; also asked by those who encode values for it.
final class TableCache: Sendable {
    private let known = Mutex<[String: TableColumns]>([:])

    subscript(table: String) -> TableColumns? { known.withLock { $0[table] } }

    func set(_ columns: TableColumns, for table: String) { known.withLock { $0[table] = columns } }

    func removeAll() { known.withLock { $0 = [:] } }
}

/// The columns of a table, as bulk statements need them.
struct TableColumns: Sendable, Hashable {
    /// One column.
    struct Column: Sendable, Hashable {
        /// The type, or the one that its domain is made of.
        var type: UInt32
        /// The type's name, as a cast takes it.
        var typeName: String
        /// What numbers or fills the column where nothing is given, as an expression.
        var defaultExpression: String?
        /// Whether the database computes it.
        var isGenerated: Bool
    }

    private(set) var columns: [String: Column] = [:]
    /// Whether COPY may write to it: a view has rules instead, and row security would not be asked.
    private(set) var takesCopy = false

    /// - Throws: ``/Database/DatabaseError`` if there is no such column.
    func column(_ name: String, of table: String) throws -> Column {
        if let column = columns[name] { return column }
        throw DatabaseError(.missingColumn, "the table \(table) has no column \"\(name)\"")
    }

    init(_ rows: Rows) {
        for row in rows {
            columns[row["name"].text ?? ""] = Column(
                type: UInt32(row["type"].integer ?? 0),
                typeName: row["type_name"].text ?? "text",
                defaultExpression: row["default_expression"].text,
                isGenerated: row["is_generated"].integer == 1
            )
            takesCopy = row["takes_copy"].integer == 1
        }
    }

    static let query = """
        SELECT a.attname AS name, coalesce(nullif(t.typbasetype, 0), t.oid) AS type,
        format_type(coalesce(nullif(t.typbasetype, 0), t.oid), -1) AS type_name, a.attgenerated <> '' AS is_generated,
        CASE WHEN a.attidentity <> '' THEN format('nextval(%L::regclass)', pg_get_serial_sequence($1, a.attname))
        WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS default_expression,
        c.relkind IN ('r', 'p') AND NOT c.relrowsecurity AS takes_copy
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
        """
}

extension Session {
    /// The columns of a table.
    ///
    /// - Throws: ``/Database/DatabaseError`` if there is no such table.
    func columns(of table: String, in line: inout Pipeline) throws -> TableColumns {
        if let known = tables[table] { return known }
        try line.flush()
        let rows = try query(TableColumns.query, [.text(dialect.quoted(table))])
        guard !rows.isEmpty else { throw DatabaseError(.missingTable, "there is no table \(table)") }
        let columns = TableColumns(rows)
        tables.set(columns, for: table)
        return columns
    }
}
