import Database
import Foundation
import GRDB
import GRDBSQLite

/// Reads what SQLite says of a table.
struct SchemaReader {
    let database: GRDB.Database

    /// A table or a view; `nil` if there is none of this name.
    ///
    /// `attached.users` is a table of an attached database.
    func table(_ name: String) throws -> TableSchema? {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        let (schema, table) = parts.count == 2 ? (parts[0], parts[1]) : ("main", name)
        let info = try GRDB.Row.fetchAll(
            database,
            sql: "SELECT name, type, \"notnull\", pk, hidden FROM pragma_table_xinfo(?, ?) ORDER BY cid",
            arguments: [table, schema]
        )
        guard !info.isEmpty else { return nil }
        let sql = try String.fetchOne(
            database,
            sql: "SELECT sql FROM \"\(schema)\".sqlite_master WHERE name = ? COLLATE NOCASE AND type = 'table'",
            arguments: [table]
        )
        // `sqlite_master.sql` is NULL for a view here, and SQLite keeps the options behind the last parenthesis.
        let options = sql.map { $0[($0.lastIndex(of: ")") ?? $0.startIndex)...].uppercased() }
        let hasRowID = options.map { !$0.contains("WITHOUT") } ?? false

        let key = info.filter { ($0["pk"] as Int) > 0 }.sorted { ($0["pk"] as Int) < ($1["pk"] as Int) }
        var keyNames: [String] = key.map { $0["name"] }
        // `=` and `>` go by the column's collation; a key that tells rows apart by another one is none to walk along.
        if hasRowID, try hasOtherCollation(keyNames, table, schema) { keyNames = [] }
        // INTEGER PRIMARY KEY is the rowid under another name, and never NULL; unless SQLite made an index for it, as
        // for one that is declared DESC.
        let isInteger = key.count == 1 && (key[0]["type"] as String).uppercased() == "INTEGER" && hasRowID
        let isAlias = try isInteger && keyIndex(table, schema) == nil
        let columns = info.filter { ($0["hidden"] as Int) != 1 }.map { column in
            let name: String = column["name"]
            let isKey = keyNames.contains(name) && (isAlias || !hasRowID)
            return TableSchema.Column(
                name: name,
                type: column["type"],
                isNullable: (column["notnull"] as Int) == 0 && !isKey,
                isGenerated: (column["hidden"] as Int) >= 2
            )
        }
        let names = Set(columns.map { $0.name.lowercased() })
        return TableSchema(
            name: name,
            columns: columns,
            primaryKey: keyNames,
            uniqueKeys: try uniqueKeys(table, schema, primaryKey: keyNames),
            rowIdentifier: hasRowID ? ["rowid", "_rowid_", "oid"].first { !names.contains($0) } : nil,
            keyOrderHint: try keyOrderHint(table, schema, usesIndex: hasRowID && !isAlias && !key.isEmpty),
            rowIdentifierOrderHint: hasRowID ? "NOT INDEXED" : nil,
            triggers: try triggers(table, schema),
            cascades: try cascades(table, schema, key: keyNames, prefix: parts.count == 2 ? schema + "." : "")
        )
    }

    private func triggers(_ table: String, _ schema: String) throws -> [String] {
        try String.fetchAll(
            database,
            sql: """
                SELECT name FROM "\(schema)".sqlite_master WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE
                ORDER BY name
                """,
            arguments: [table]
        )
    }

    /// The foreign keys of other tables, and of this one, that do something when a row is deleted.
    private func cascades(
        _ table: String,
        _ schema: String,
        key: [String],
        prefix: String
    ) throws -> [TableSchema.Cascade] {
        let rows = try GRDB.Row.fetchAll(
            database,
            sql: """
                SELECT m.name, f.id, f."from", f."to", f.on_delete
                FROM "\(schema)".sqlite_master AS m, pragma_foreign_key_list(m.name, ?) AS f
                WHERE m.type = 'table' AND f."table" = ? COLLATE NOCASE
                AND f.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT') ORDER BY m.name, f.id, f.seq
                """,
            arguments: [schema, table]
        )
        var cascades: [TableSchema.Cascade] = []
        var last: (table: String, id: Int)?
        for row in rows {
            let (name, id): (String, Int) = (row["name"], row["id"])
            if last?.table != name || last?.id != id {
                let deletes = (row["on_delete"] as String) == "CASCADE"
                cascades.append(.init(table: prefix + name, columns: [], referenced: [], deletes: deletes))
                last = (name, id)
            }
            let place = cascades.count - 1
            // Without a column, the key is meant.
            let referenced: String? = row["to"] ?? key.dropFirst(cascades[place].columns.count).first
            cascades[place].columns.append(row["from"])
            cascades[place].referenced.append(referenced ?? "rowid")
        }
        return cascades
    }

    /// The key of a rowid table that is not the rowid itself has an index, which SQLite made.
    private func keyOrderHint(_ table: String, _ schema: String, usesIndex: Bool) throws -> String {
        guard usesIndex else { return "NOT INDEXED" }
        return try keyIndex(table, schema).map { "INDEXED BY \"\($0.replacing("\"", with: "\"\""))\"" } ?? "NOT INDEXED"
    }

    private func keyIndex(_ table: String, _ schema: String) throws -> String? {
        try String.fetchOne(
            database,
            sql: "SELECT name FROM pragma_index_list(?, ?) WHERE origin = 'pk'",
            arguments: [table, schema]
        )
    }

    /// Whether the index of the key compares a column otherwise than the column itself is compared.
    private func hasOtherCollation(_ key: [String], _ table: String, _ schema: String) throws -> Bool {
        guard let index = try keyIndex(table, schema) else { return false }
        let columns = try GRDB.Row.fetchAll(
            database,
            sql: "SELECT name, coll FROM pragma_index_xinfo(?, ?) WHERE key = 1",
            arguments: [index, schema]
        )
        return columns.contains { column in
            guard let name: String = column["name"], let collation: String = column["coll"] else { return false }
            var own: UnsafePointer<CChar>?
            let found = sqlite3_table_column_metadata(
                database.sqliteConnection,
                schema,
                table,
                name,
                nil,
                &own,
                nil,
                nil,
                nil
            )
            guard found == SQLITE_OK, let own else { return false }
            return String(cString: own).caseInsensitiveCompare(collation) != .orderedSame
        }
    }

    private func uniqueKeys(_ table: String, _ schema: String, primaryKey: [String]) throws -> [[String]] {
        let indexes = try String.fetchAll(
            database,
            sql: "SELECT name FROM pragma_index_list(?, ?) WHERE \"unique\" = 1 AND partial = 0",
            arguments: [table, schema]
        )
        var keys = try indexes.compactMap { index -> [String]? in
            let columns = try Optional<String>.fetchAll(
                database,
                sql: "SELECT name FROM pragma_index_info(?, ?) ORDER BY seqno",
                arguments: [index, schema]
            )
            // A column without a name is an expression.
            return columns.contains { $0 == nil } ? nil : columns.compactMap { $0 }
        }
        if !primaryKey.isEmpty, !keys.contains(primaryKey) { keys.insert(primaryKey, at: 0) }
        return keys
    }
}
