/// The names under which ``MetricsObserver`` tells what runs do.
///
/// They stay as they are from version to version, as the flags of the command line do. All have the labels `version`,
/// `migration` and `direction` (`up` or `down`).
public enum MetricName: String, Sendable, Hashable, CaseIterable {
    /// Counter: rows that were read.
    case rowsVisited = "azu_rows_visited_total"
    /// Counter: rows that were written, by `operation`: `update`, `insert` or `delete`.
    case rowsWritten = "azu_rows_written_total"
    /// Counter: rows that were left out because they were there already.
    case rowsSkipped = "azu_rows_skipped_total"
    /// Counter: rows that were put aside because they could not be processed.
    case rowsQuarantined = "azu_rows_quarantined_total"
    /// Gauge: how many rows there are to visit in all, as far as that is known.
    case rowsExpected = "azu_rows_expected"
    /// Counter: committed batches.
    case batches = "azu_batches_total"
    /// Timer: how long the transactions of batches took.
    case batchDuration = "azu_batch_duration_seconds"
    /// Recorder: how many rows batches had.
    case batchSize = "azu_batch_size_rows"
    /// Counter: failures that were, or are, tried again.
    case retries = "azu_retries_total"
    /// Counter: seconds that workers waited between batches: paused, out of hours, or slowed down.
    case throttledSeconds = "azu_throttled_seconds_total"
    /// Gauge: 1 while no batch is begun: the run is paused, out of hours, or the database is busy; else 0.
    case waiting = "azu_run_waiting"
    /// Gauge: 1 while this process works on the run, else 0; its sum is how many runs are worked on.
    case runsActive = "azu_runs_active"
    /// Counter: runs that ended, by `status`.
    case runs = "azu_runs_total"
    /// Timer: how long this process worked on a run, by `status`.
    case runDuration = "azu_run_duration_seconds"
    /// Gauge: when a run ended last, in seconds since 1970, by `status`.
    case runEnd = "azu_run_end_timestamp_seconds"
}
