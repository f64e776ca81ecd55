import Database

extension Session {
    /// A table, a partitioned table, a view or a foreign table; `nil` if there is none of this name.
    func schema(of table: String) throws -> TableSchema? {
        guard !needsSetup else {
            return try withSetup {
                _ = try run([.begin])
                return try schema(of: table)
            }
        }
        let name = Value.text(dialect.quoted(table))
        let columns = try query(Self.columnsQuery, [name])
        guard !columns.isEmpty else { return nil }
        let keys = try query(Self.keysQuery, [name])
        let unique = keys.map { row in
            (ArrayText.values(json: row["columns"].text ?? "[]") ?? []).compactMap { $0.text }
        }
        let primary = keys.firstIndex { $0["is_primary"].integer == 1 }.map { unique[$0] } ?? []
        let kind = columns[0]["kind"].text ?? ""
        return TableSchema(
            name: table,
            columns: columns.map { row in
                TableSchema.Column(
                    name: row["name"].text ?? "",
                    type: row["type"].text ?? "",
                    isNullable: row["is_nullable"].integer == 1,
                    isGenerated: row["is_generated"].integer == 1
                )
            },
            primaryKey: primary,
            uniqueKeys: unique,
            // In a partitioned table, rows of different partitions share it.
            rowIdentifier: kind == "r" ? "ctid" : nil,
            rowVersion: kind == "r" || kind == "p" ? "xmin" : nil,
            blocks: kind == "r" ? columns[0]["blocks"].integer.map(Int.init) : nil,
            estimatedRows: columns[0]["estimate"].double.flatMap { $0 < 0 ? nil : Int($0) },
            triggers: names(columns[0]["triggers"]),
            cascades: try query(Self.cascadesQuery, [name]).map { row in
                TableSchema.Cascade(
                    table: row["name"].text ?? "",
                    columns: names(row["columns"]),
                    referenced: names(row["referenced"]),
                    deletes: row["deletes"].integer == 1
                )
            }
        )
    }

    private func names(_ value: Value) -> [String] {
        (ArrayText.values(json: value.text ?? "[]") ?? []).compactMap { $0.text }
    }

    private static let columnsQuery = """
        SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS is_nullable,
        a.attgenerated <> '' AS is_generated, c.relkind::text AS kind,
        CASE WHEN c.relkind = 'r' THEN pg_relation_size(c.oid) / current_setting('block_size')::int8 END AS blocks,
        CASE WHEN c.relkind = 'p' THEN (SELECT sum(greatest(p.reltuples, 0)) FROM pg_partition_tree(c.oid) t
        JOIN pg_class p ON p.oid = t.relid WHERE t.isleaf)::float8 ELSE c.reltuples::float8 END AS estimate,
        ARRAY(SELECT g.tgname::text FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal
        AND g.tgenabled <> 'D' ORDER BY g.tgname) AS triggers
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        """

    /// The name is one that the search path finds, or has its schema.
    private static let cascadesQuery = """
        SELECT CASE WHEN pg_table_is_visible(t.oid) THEN t.relname ELSE n.nspname || '.' || t.relname END AS name,
        ARRAY(SELECT a.attname::text FROM unnest(f.conkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number ORDER BY k.place) AS columns,
        ARRAY(SELECT a.attname::text FROM unnest(f.confkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.number ORDER BY k.place) AS referenced,
        f.confdeltype = 'c' AS deletes
        FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE f.confrelid = to_regclass($1) AND f.contype = 'f' AND f.confdeltype IN ('c', 'n', 'd')
        AND f.conparentid = 0 ORDER BY 1, f.conname
        """

    /// Without those over expressions, or over part of the rows.
    private static let keysQuery = """
        SELECT i.indisprimary AS is_primary,
        ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
        WHERE k.place <= i.indnkeyatts ORDER BY k.place) AS columns
        FROM pg_index i WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
        AND i.indexprs IS NULL ORDER BY i.indisprimary DESC, i.indexrelid
        """
}
