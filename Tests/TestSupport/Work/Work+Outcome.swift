import DataMigrations
package import Database

extension Work {
    /// What is there in the end.
    package struct Outcome: Sendable, Equatable {
        /// The rows of the tables, and which writes there were, sorted; each line starts with the number of the query.
        package var lines: [String]
        /// What the ledger says was done, and the states of its runs.
        package var ledger: [String]

        /// Lines that one has more often than the other.
        package static func difference(_ left: [String], _ right: [String]) -> [String] {
            var rest: [String: Int] = [:]
            for line in right { rest[line, default: 0] += 1 }
            return left.filter { line in
                guard let count = rest[line], count > 0 else { return true }
                rest[line] = count - 1
                return false
            }
        }
    }

    /// Reads what is there.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    package func outcome(_ connection: any DatabaseConnection) async throws -> Outcome {
        let queries = contents + ["SELECT written, operation, row_key FROM writes"]
        var lines: [String] = []
        for (number, query) in queries.enumerated() {
            let rows = try await connection.query(query)
            lines += rows.map { row in "\(number): \(row.values.map { String(describing: $0) })" }
        }
        let ledger = try await connection.query(
            """
            SELECT r.direction, r.status, CASE WHEN s.step LIKE 'down/%' THEN 'down' ELSE 'up' END, sum(s.visited),
            sum(s.changed), sum(s.inserted), sum(s.deleted), sum(s.skipped),
            sum(CASE WHEN s.owner IS NULL THEN 0 ELSE 1 END), (SELECT count(*) FROM data_migrations),
            (SELECT count(*) FROM data_migration_quarantine WHERE status = 'open')
            FROM data_migration_runs r JOIN data_migration_slices s ON s.run_id = r.id
            GROUP BY r.id, r.direction, r.status, 3 ORDER BY r.id, 3
            """
        ).map { row in row.values.map { String(describing: $0) }.joined(separator: " ") }
        return Outcome(lines: lines.sorted(), ledger: ledger)
    }

    /// Notes each write of a row in the table `writes`, in the transaction that makes it.
    func noteWrites(
        to table: String,
        _ key: String,
        _ store: Store,
        _ connection: any DatabaseConnection
    ) async throws {
        let events = [("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")]
        switch store {
        case .sqlite:
            for (event, row) in events {
                let insert = "INSERT INTO writes VALUES ('\(table)', '\(event)', CAST(\(row).\(key) AS text));"
                try await connection.execute(
                    "CREATE TRIGGER \(raw: "\(table)_\(event)") AFTER \(raw: event) ON \(raw: table) BEGIN \(raw: insert) END"
                )
            }
        case .postgres:
            try await connection.execute(
                """
                CREATE FUNCTION \(raw: table)_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF TG_OP = 'DELETE' THEN INSERT INTO writes VALUES (TG_TABLE_NAME, TG_OP, OLD.\(raw: key)::text);
                ELSE INSERT INTO writes VALUES (TG_TABLE_NAME, TG_OP, NEW.\(raw: key)::text); END IF;
                RETURN NULL; END $$
                """
            )
            try await connection.execute(
                """
                CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON \(raw: table)
                FOR EACH ROW EXECUTE FUNCTION \(raw: table)_note()
                """
            )
        }
    }
}
