import Database

/// Columns of a table that refer to another one.
struct ForeignKey: Sendable {
    var columns: [String]
    /// The table that they refer to.
    var table: String
    /// Its columns, in the same order.
    var referenced: [String]

    /// Those of a table.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    static func all(of table: String, _ connection: any DatabaseConnection) async throws -> [ForeignKey] {
        let isSQLite = connection.dialect.rowLock == nil
        let rows = try await connection.query(isSQLite ? sqlite(table) : postgres(table, connection.dialect))
        var keys: [(id: String, key: ForeignKey)] = []
        for row in rows {
            guard let id = row[0].text, let other = row[1].text, let column = row[2].text else { continue }
            if keys.last?.id != id { keys.append((id, ForeignKey(columns: [], table: other, referenced: []))) }
            let place = keys.count - 1
            keys[place].key.columns.append(column)
            // SQLite: without a column, the key is meant.
            let referenced = try await connection.schema(of: other)?.primaryKey.dropFirst(
                keys[place].key.referenced.count
            )
            keys[place].key.referenced.append(row[3].text ?? referenced?.first ?? "rowid")
        }
        return keys.map(\.key)
    }

    private static func sqlite(_ table: String) -> SQL {
        """
        SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(\(table)) ORDER BY id, seq
        """
    }

    private static func postgres(_ table: String, _ dialect: any Dialect) -> SQL {
        """
        SELECT f.oid::text, t.relname::text, a.attname::text, b.attname::text
        FROM pg_constraint f JOIN pg_class t ON t.oid = f.confrelid
        CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k(own, other, place)
        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.own
        JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = k.other
        WHERE f.contype = 'f' AND f.conrelid = to_regclass(\(dialect.quoted(table))) ORDER BY f.oid, k.place
        """
    }
}
