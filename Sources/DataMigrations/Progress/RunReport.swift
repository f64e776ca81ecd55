/// How a run ended.
public struct RunReport: Sendable {
    /// The migration's version.
    public var version: String
    /// The migration's name.
    public var name: String
    /// `up` or `down`.
    public var direction: RunDirection
    /// The state that the run is left in.
    public var status: RunState
    /// What was done, by all processes of the run.
    public var counters: ChangeCounters
    /// Bad rows that nobody retried or accepted yet.
    public var openQuarantine: Int
    /// How long this process worked on it.
    public var duration: Duration
    /// What failed.
    public var error: String?
}
