import Database

/// What would meddle with rows that are put back: the foreign keys and triggers of a schema.
struct PostgresRules: Sendable {
    private struct ForeignKey: Sendable {
        var table: String
        var name: String
        var definition: String
        /// The table that it refers to.
        var referenced: String
    }

    private struct Trigger: Sendable {
        var table: String
        var name: String
        /// When it fires, as in `pg_trigger.tgenabled`.
        var state: String
    }

    private var foreignKeys: [ForeignKey]
    private var triggers: [Trigger]

    /// Reads those that there are.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    init(_ connection: any DatabaseConnection) async throws {
        foreignKeys = try await connection.query(
            """
            SELECT t.relname::text, f.conname::text, pg_get_constraintdef(f.oid), r.relname::text
            FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid
            WHERE f.contype = 'f' AND f.conparentid = 0 AND t.relnamespace = current_schema()::regnamespace ORDER BY 1, 2
            """
        ).map { row in
            ForeignKey(
                table: row[0].text ?? "",
                name: row[1].text ?? "",
                definition: row[2].text ?? "",
                referenced: row[3].text ?? ""
            )
        }
        // Those of partitions come with their table's.
        triggers = try await connection.query(
            """
            SELECT t.relname::text, g.tgname::text, g.tgenabled::text FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
            WHERE NOT g.tgisinternal AND t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
            AND g.tgenabled <> 'D' ORDER BY 1, 2
            """
        ).map { Trigger(table: $0[0].text ?? "", name: $0[1].text ?? "", state: $0[2].text ?? "O") }
    }

    /// Those that are left once tables are dropped.
    func without(_ tables: [String]) -> PostgresRules {
        var copy = self
        copy.foreignKeys.removeAll { tables.contains($0.table) || tables.contains($0.referenced) }
        copy.triggers.removeAll { tables.contains($0.table) }
        return copy
    }

    /// Takes them away.
    var off: [Statement] {
        foreignKeys.map { key in
            .execute("ALTER TABLE \(identifier: key.table) DROP CONSTRAINT \(raw: Self.quoted(key.name))")
        }
            + triggers.map { trigger in
                .execute("ALTER TABLE \(identifier: trigger.table) DISABLE TRIGGER \(raw: Self.quoted(trigger.name))")
            }
    }

    /// Brings them back.
    var on: [Statement] {
        triggers.map { trigger in
            let word = ["R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"][trigger.state] ?? "ENABLE"
            let name = Self.quoted(trigger.name)
            return .execute("ALTER TABLE \(identifier: trigger.table) \(raw: word) TRIGGER \(raw: name)")
        }
            + foreignKeys.map { key in
                let definition = "\(Self.quoted(key.name)) \(key.definition)"
                return .execute("ALTER TABLE \(identifier: key.table) ADD CONSTRAINT \(raw: definition)")
            }
    }

    /// A name that may hold a dot.
    private static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}
