public import Database

extension PostgresDialect {
    /// From `pg_stat_replication`, `pg_stat_activity`, `pg_blocking_pids` and `pg_stat_all_tables`.
    public func load(_ measure: LoadMeasure, of table: String?) -> SQL? {
        switch measure {
        case .replicationLag:
            // Of a standby that it may not see, a role sees the name alone.
            """
            SELECT CASE WHEN bool_and(state IS NOT NULL) THEN coalesce(max(extract(epoch FROM replay_lag)), 0)::float8 END
            FROM pg_stat_replication HAVING count(*) > 0
            """
        case .activeConnections:
            """
            SELECT count(*) FILTER (WHERE state IN ('active', 'idle in transaction'))::float8
            / current_setting('max_connections')::int
            FROM pg_stat_activity WHERE backend_type = 'client backend'
            """
        case .waitingLocks:
            """
            SELECT count(*)::float8 FROM pg_stat_activity waiting
            WHERE waiting.wait_event_type = 'Lock' AND waiting.application_name <> current_setting('application_name')
            AND EXISTS (SELECT 1 FROM pg_stat_activity ours WHERE ours.pid = ANY (pg_blocking_pids(waiting.pid))
            AND ours.datname = current_database() AND ours.application_name = current_setting('application_name'))
            """
        case .deadRows:
            // A few dead rows in a table of a few are nothing to wait for.
            table.map { table in
                """
                SELECT n_dead_tup::float8 / greatest(n_live_tup, 100000) FROM pg_stat_all_tables
                WHERE relid = to_regclass(\(quoted(table)))
                """
            }
        }
    }

    /// From `pg_stat_activity`; where a role may not see what a session does, it may be at work.
    public var othersAtWork: SQL? {
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
        AND application_name <> current_setting('application_name')
        AND (state IS NULL OR state <> 'idle' OR state_change > clock_timestamp() - interval '1 second')
        """
    }

    /// A message in the log that nobody reads: `SELECT pg_logical_emit_message(true, 'azu', '')`.
    public var answerProbe: SQL? { "SELECT pg_logical_emit_message(true, 'azu', '')" }
}
