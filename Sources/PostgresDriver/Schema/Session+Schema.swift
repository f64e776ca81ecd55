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

    /// Of a partitioned table, its partitions have triggers and references of their own; in PostgreSQL 14, the
    /// triggers that a partition has from its table are internal, but no constraint's.
    private static let columnsQuery = """
        WITH parts AS (SELECT to_regclass($1)::oid AS id UNION SELECT relid FROM pg_partition_tree(to_regclass($1)))
        SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS is_nullable,
        a.attgenerated <> '' AS is_generated, c.relkind::text AS kind,
        CASE WHEN c.relkind = 'r' THEN pg_relation_size(c.oid) / current_setting('block_size')::int8 END AS blocks,
        CASE WHEN c.relkind = 'p' THEN (SELECT sum(greatest(p.reltuples, 0)) FROM pg_partition_tree(c.oid) t
        JOIN pg_class p ON p.oid = t.relid WHERE t.isleaf)::float8 ELSE c.reltuples::float8 END AS estimate,
        ARRAY(SELECT DISTINCT g.tgname::text FROM parts JOIN pg_trigger g ON g.tgrelid = parts.id
        WHERE (NOT g.tgisinternal OR g.tgconstraint = 0) AND \(firingTriggers) ORDER BY 1) AS triggers
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        """

    /// The name is one that the search path finds, or has its schema.
    private static let cascadesQuery = """
        WITH parts AS (SELECT to_regclass($1)::oid AS id UNION SELECT relid FROM pg_partition_tree(to_regclass($1)))
        SELECT DISTINCT
        CASE WHEN NOT pg_table_is_visible(t.oid) THEN n.nspname || '.' ELSE '' END || t.relname AS name,
        ARRAY(SELECT a.attname::text FROM unnest(f.conkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number ORDER BY k.place) AS columns,
        ARRAY(SELECT a.attname::text FROM unnest(f.confkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.number ORDER BY k.place) AS referenced,
        f.confdeltype = 'c' AS deletes
        FROM parts JOIN pg_constraint f ON f.confrelid = parts.id JOIN pg_class t ON t.oid = f.conrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace WHERE f.contype = 'f' AND f.confdeltype IN ('c', 'n', 'd')
        AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = f.conparentid AND p.confrelid = f.confrelid)
        ORDER BY 1, 2
        """

    /// Those for rows, or for statements of this very table, that are switched on; none for TRUNCATE.
    private static let firingTriggers = """
        g.tgtype & 28 <> 0 AND (g.tgtype & 1 = 1 OR g.tgrelid = to_regclass($1)) AND g.tgenabled = ANY (CASE
        current_setting('session_replication_role') WHEN 'replica' THEN '{R,A}' ELSE '{O,A}' END::"char"[])
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
