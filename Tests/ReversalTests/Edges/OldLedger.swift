import Database

/// The ledger as the release before the journal made it.
enum OldLedger {
    /// Makes the tables, of format 1, with one migration that was run, and one that was stopped half-way.
    static func make(in connection: any DatabaseConnection) async throws {
        let key = "id \(connection.dialect.generatedKeyDefinition)"
        let tables: [SQL] = [
            """
            CREATE TABLE data_migrations (\(raw: key), version VARCHAR(255) NOT NULL UNIQUE,
            name VARCHAR(255) NOT NULL, executed_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)
            """,
            """
            CREATE TABLE data_migration_runs (\(raw: key), version VARCHAR(255) NOT NULL, name VARCHAR(255) NOT NULL,
            direction VARCHAR(8) NOT NULL, status VARCHAR(16) NOT NULL, arguments TEXT NOT NULL,
            source_checksum VARCHAR(64), input_fingerprint TEXT, started_by VARCHAR(255) NOT NULL,
            host VARCHAR(255) NOT NULL, process INTEGER NOT NULL,
            started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, finished_at TIMESTAMP, error TEXT)
            """,
            """
            CREATE TABLE data_migration_slices (\(raw: key), run_id BIGINT NOT NULL, step VARCHAR(255) NOT NULL,
            number INTEGER NOT NULL, kind VARCHAR(16) NOT NULL, key_columns TEXT, lower_bound TEXT, upper_bound TEXT,
            "cursor" TEXT, position BIGINT, empties INTEGER, total BIGINT, status VARCHAR(16) NOT NULL DEFAULT 'open',
            owner VARCHAR(255), lease_until BIGINT NOT NULL DEFAULT 0, epoch BIGINT NOT NULL DEFAULT 0,
            batches BIGINT NOT NULL DEFAULT 0, visited BIGINT NOT NULL DEFAULT 0, changed BIGINT NOT NULL DEFAULT 0,
            inserted BIGINT NOT NULL DEFAULT 0, deleted BIGINT NOT NULL DEFAULT 0, skipped BIGINT NOT NULL DEFAULT 0,
            quarantined BIGINT NOT NULL DEFAULT 0, UNIQUE (run_id, step, number))
            """,
            """
            CREATE TABLE data_migration_quarantine (\(raw: key), run_id BIGINT NOT NULL, slice_id BIGINT NOT NULL,
            step VARCHAR(255) NOT NULL, locator TEXT NOT NULL, original TEXT NOT NULL, error TEXT NOT NULL,
            status VARCHAR(16) NOT NULL DEFAULT 'open', attempts INTEGER NOT NULL DEFAULT 1,
            created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)
            """,
            """
            CREATE TABLE data_migration_events (\(raw: key), run_id BIGINT NOT NULL, kind VARCHAR(32) NOT NULL,
            message TEXT, actor VARCHAR(255) NOT NULL, at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)
            """,
            "CREATE TABLE data_migration_format (version INTEGER NOT NULL)",
            "INSERT INTO data_migration_format (version) VALUES (1)",
        ]
        let rows: [SQL] = [
            "INSERT INTO data_migrations (version, name) VALUES ('20230101000000', 'done')",
            """
            INSERT INTO data_migration_runs (version, name, direction, status, arguments, started_by, host, process)
            VALUES ('20230101000000', 'done', 'up', 'succeeded', '{"steps":{}}', 'ada', 'here', 1),
            ('20230102000000', 'half', 'up', 'cancelled', '{"steps":{}}', 'ada', 'here', 1)
            """,
            """
            INSERT INTO data_migration_slices (run_id, step, number, kind, status, changed)
            VALUES (1, 'rows', 0, 'table', 'done', 20), (1, '*', 0, 'step', 'open', 0), (2, '*', 0, 'step', 'open', 0)
            """,
            "INSERT INTO data_migration_events (run_id, kind, actor) VALUES (1, 'finished', 'ada')",
        ]
        for statement in tables + rows { try await connection.execute(statement) }
    }
}
