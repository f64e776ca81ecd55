import Database
import Foundation
import GRDB
import GRDBSQLite

/// A statement out of GRDB's cache, bound and stepped through the C interface: GRDB's own `execute` prepares anew at
/// every call, which costs four times the UPDATE of a row.
struct PreparedStatement {
    let handle: OpaquePointer
    private let connection: OpaquePointer?
    private let sql: String

    init(_ sql: String, in database: GRDB.Database) throws {
        handle = try database.cachedStatement(sql: sql).sqliteStatement
        connection = database.sqliteConnection
        self.sql = sql
    }

    /// Binds values from `position` on, counted from 1.
    func bind(_ values: some Sequence<Value>, from position: Int32 = 1) throws {
        var position = position
        for value in values {
            try bind(value, at: position)
            position += 1
        }
    }

    /// Runs a statement that returns no rows, and gets it ready for other values.
    func step() throws {
        let code = sqlite3_step(handle)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure() }
        sqlite3_reset(handle)
    }

    /// Runs the statement, and reads its rows if it has any, until they take `maximumBytes`.
    func run(_ values: [Value], maximumBytes: Int = .max) throws -> StatementResult {
        defer { finish() }
        guard values.count == Int(sqlite3_bind_parameter_count(handle)) else {
            throw ContractError(.misuse, "the statement has a ? of its own; values are bound with \\( )", sql: sql)
        }
        try bind(values)
        let before = sqlite3_total_changes64(connection)
        var code = sqlite3_step(handle)
        guard code == SQLITE_ROW || code == SQLITE_DONE else { throw failure() }
        guard sqlite3_column_count(handle) > 0 else {
            // `sqlite3_changes` keeps the count of an earlier statement if this one changes nothing by nature.
            let changed = sqlite3_total_changes64(connection) != before
            return StatementResult(changes: changed ? Int(sqlite3_changes64(connection)) : 0)
        }
        var rows = Rows(columns: columns)
        while code == SQLITE_ROW {
            for column in 0..<Int32(rows.columns.count) { append(column, to: &rows) }
            if rows.byteCount >= maximumBytes { return StatementResult(rows: rows) }
            code = sqlite3_step(handle)
        }
        guard code == SQLITE_DONE else { throw failure() }
        let isWrite = sqlite3_stmt_readonly(handle) == 0
        return StatementResult(changes: isWrite ? Int(sqlite3_changes64(connection)) : 0, rows: rows)
    }

    /// Adds the row that the statement stands at, or a row of NULLs.
    func appendRow(to rows: inout Rows, isSkipped: Bool) {
        for column in 0..<Int32(rows.columns.count) {
            if isSkipped { rows.appendNull() } else { append(column, to: &rows) }
        }
    }

    /// Makes the statement forget its values, and release its locks.
    func finish() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    func failure() -> ContractError { SQLiteFailure.last(connection, sql: sql) }

    var columns: [String] {
        (0..<sqlite3_column_count(handle)).map { String(cString: sqlite3_column_name(handle, $0)) }
    }

    private func append(_ column: Int32, to rows: inout Rows) {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: rows.append(sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: rows.append(sqlite3_column_double(handle, column))
        case SQLITE_TEXT:
            let text = sqlite3_column_text(handle, column)
            let count = Int(sqlite3_column_bytes(handle, column))
            rows.appendText(UnsafeRawBufferPointer(start: text, count: count))
        case SQLITE_BLOB:
            let blob = sqlite3_column_blob(handle, column)
            let count = Int(sqlite3_column_bytes(handle, column))
            rows.appendBlob(UnsafeRawBufferPointer(start: blob, count: count))
        default: rows.appendNull()
        }
    }

    func bind(_ value: Value, at position: Int32) throws {
        let code: Int32
        switch value {
        case .null: code = sqlite3_bind_null(handle, position)
        case .integer(let integer): code = sqlite3_bind_int64(handle, position, integer)
        case .double(let double): code = sqlite3_bind_double(handle, position, double)
        case .bool(let bool): code = sqlite3_bind_int64(handle, position, bool ? 1 : 0)
        case .text(let text), .json(let text): code = bind(text, at: position)
        case .blob(let bytes):
            code = bytes.withUnsafeBytes { bytes in
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(handle, position, 0)
                    : sqlite3_bind_blob(handle, position, bytes.baseAddress, Int32(bytes.count), Self.copied)
            }
        case .date, .uuid, .decimal, .array: code = bind(value.text ?? "", at: position)
        }
        guard code == SQLITE_OK else { throw failure() }
    }

    private func bind(_ text: String, at position: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                // An empty string may have no address, which SQLite would take for NULL.
                $0.isEmpty
                    ? sqlite3_bind_text(handle, position, "", 0, nil)
                    : sqlite3_bind_text(handle, position, $0.baseAddress, Int32($0.count), Self.copied)
            }
        }
    }

    /// `SQLITE_TRANSIENT`: SQLite keeps a copy.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
