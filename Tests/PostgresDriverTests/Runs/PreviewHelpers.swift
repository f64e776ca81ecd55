import DataMigrations
import Database
import Testing

/// A migration by hand whose work is a closure.
struct ByHand: DataMigration {
    var work: @Sendable (MigrationContext) async throws -> Void = { _ in }

    func up(_ migration: MigrationContext) async throws { try await work(migration) }
}

extension DatabaseConnection {
    /// Every table of the schema with its rows and the transactions that wrote them, and what the catalog says of it.
    func wholeSchema() async throws -> [String: [String]] {
        let objects = try await query(
            """
            SELECT c.relname, c.relkind::text, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', '
            ORDER BY a.attnum)
            FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = current_schema()::regnamespace GROUP BY 1, 2 ORDER BY 1, 2
            """
        )
        var tables = ["catalog": objects.map { "\($0.values)" }]
        for object in objects where ["r", "p"].contains(object[1].text) {
            let name = object[0].text ?? ""
            let rows = try await query("SELECT t.xmin::text || ' ' || to_jsonb(t)::text FROM \(identifier: name) AS t")
            tables[name] = rows.map { $0[0].text ?? "" }.sorted()
        }
        return tables
    }

    /// What a migration would do; nothing may be left of it.
    func preview<M: DataMigration>(
        _ migration: M,
        sample: Int = 1_000,
        shownRows: Int = 10,
        isExact: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Preview {
        let before = try await wholeSchema()
        let options = PreviewOptions(sample: sample, shownRows: shownRows, isExact: isExact)
        let preview = try await Runner(self).preview(entry(migration), options)
        let locks = try await number(
            """
            SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
            WHERE c.relnamespace = current_schema()::regnamespace
            """
        )
        #expect(locks == 0, sourceLocation: sourceLocation)
        let after = try await wholeSchema()
        let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
        #expect(changed.isEmpty, "tables that differ behind a preview", sourceLocation: sourceLocation)
        // Whoever is in a transaction that has written has a number.
        let isOpen = try await number("SELECT CASE WHEN pg_current_xact_id_if_assigned() IS NULL THEN 0 ELSE 1 END")
        #expect(isOpen == 0, sourceLocation: sourceLocation)
        return preview
    }
}
