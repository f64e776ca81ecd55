import DataMigrations
import Database
import TestSupport

/// What tables hold, as the database itself writes it: all rows, sorted.
struct Snapshot: Equatable, Sendable {
    private var tables: [String: [String]] = [:]

    /// Reads all tables but the ledger's, unless that is asked for, and but the one into which triggers of these tests
    /// write.
    init(_ connection: any DatabaseConnection, ledger: Bool = false) async throws {
        for table in try await connection.tableNames() where table != Triggers.log {
            guard ledger || !table.hasPrefix("data_migration") else { continue }
            tables[table] = try await connection.renderedRows(of: table).sorted()
        }
    }

    /// Where another one differs; `nil` if it does not.
    func difference(from other: Snapshot) -> String? {
        for table in Set(tables.keys).union(other.tables.keys).sorted() {
            guard let mine = tables[table], let theirs = other.tables[table] else {
                return "the table \(table) is there only once"
            }
            guard mine != theirs else { continue }
            let (left, right) = (Set(mine), Set(theirs))
            let gone = theirs.filter { !left.contains($0) }.prefix(2).joined(separator: "\n    ")
            let new = mine.filter { !right.contains($0) }.prefix(2).joined(separator: "\n    ")
            return "\(table): \(theirs.count) rows were\n    \(gone)\n  and \(mine.count) are\n    \(new)"
        }
        return nil
    }
}

extension DatabaseConnection {
    /// All tables.
    func tableNames() async throws -> [String] {
        let query: SQL =
            isSQLite
            ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            : "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = current_schema()"
        return try await self.query(query).map { $0[0].text ?? "" }
    }

    /// The rows of a table, in ASCII.
    func renderedRows(of table: String) async throws -> [String] {
        let rows: Rows
        if isSQLite {
            let names = try await query("SELECT name FROM pragma_table_info(\(table)) ORDER BY cid")
            let fields = names.map { "quote(\(identifier: $0[0].text ?? ""))" as SQL }
            rows = try await query("SELECT \(SQL.joined(fields, separator: " || ' ' || ")) FROM \(identifier: table)")
        } else {
            rows = try await query("SELECT CAST(whole AS text) FROM \(identifier: table) AS whole")
        }
        return rows.map { escaped($0[0].text ?? "") }
    }
}

/// Text in ASCII: Swift takes different spellings of a letter for the same text.
func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        if scalar.isASCII {
            result.unicodeScalars.append(scalar)
        } else {
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        }
    }
    return result
}
