import Database

/// `data_migration_events`: who did what with a migration, and why it stopped.
extension Ledger {
    var eventsTable: SQL {
        """
        CREATE TABLE IF NOT EXISTS data_migration_events (\(key), run_id BIGINT NOT NULL, kind VARCHAR(32) NOT NULL, \
        message TEXT, actor VARCHAR(255) NOT NULL, at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)
        """
    }

    /// Records that something happened.
    func record(_ kind: EventKind, of run: RunRecord, message: String? = nil) -> Statement {
        .execute(
            """
            INSERT INTO data_migration_events (run_id, kind, message, actor)
            VALUES (\(run.id), \(kind.rawValue), \(message), \("\(Owner.user), \(owner.place)"))
            """
        )
    }
}

/// What can happen with a migration.
enum EventKind: String, Sendable {
    case started, resumed, stopped, failed, finished, retried, accepted, verified, pruned
    case verificationFailed = "verification_failed"
    case allowedChange = "allowed_change"
    case rolledBack = "rolled_back"
    case paused, unpaused, cancelled, set
    /// It was recorded as executed, and not run.
    case marked
    /// What somebody wanted to be told of the run could not be told.
    case hookFailed = "hook_failed"
    /// Something had the run wait: its hours, a pause file, a busy database.
    case waited
    /// Nothing did any more.
    case wentOn = "went_on"
}
