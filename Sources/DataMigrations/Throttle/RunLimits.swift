public import Foundation

/// What a run may ask of the database, and when.
///
/// What stands here is one process's; what `db:data:set` says goes before it, for all processes of the run.
public struct RunLimits: Sendable {
    /// What tells how busy the database is; none: the run goes as fast as it can.
    public var signals: [any LoadSignal]
    /// By which share others who are at work may wait longer for the database's answers than without the run.
    ///
    /// 0.25 is a quarter. `nil`: that is not looked at.
    public var latencyGrowth: Double?
    /// How many rows may be taken through the migration a second, by all workers; `nil` for as many as there are.
    public var rowsPerSecond: Double?
    /// The hours in which batches are begun; outside of them, the run waits.
    public var window: TimeWindow?
    /// How long the process works, from the moment that the limits are made; then it stops as on SIGTERM.
    public var runTime: Duration?
    /// A file that has the run wait for as long as it is there.
    public var pauseFile: URL?
    /// How what failed for a reason that passes is tried again.
    public var retry: RetryPolicy
    private let start = ContinuousClock.now

    /// Makes limits.
    public init(
        signals: [any LoadSignal] = MeasuredLoad.standard,
        latencyGrowth: Double? = RunLimits.usualLatencyGrowth,
        rowsPerSecond: Double? = nil,
        window: TimeWindow? = nil,
        runTime: Duration? = nil,
        pauseFile: URL? = nil,
        retry: RetryPolicy = RetryPolicy()
    ) {
        self.signals = signals
        self.latencyGrowth = latencyGrowth
        self.rowsPerSecond = rowsPerSecond
        self.window = window
        self.runTime = runTime
        self.pauseFile = pauseFile
        self.retry = retry
    }

    /// A quarter.
    public static let usualLatencyGrowth = 0.25

    /// Whether the process has worked for as long as it may.
    var isOver: Bool { runTime.map { start.duration(to: .now) >= $0 } ?? false }
}
