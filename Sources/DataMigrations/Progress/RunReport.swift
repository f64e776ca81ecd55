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
    /// Rows that could not be taken back, because somebody changed them since, or something refers to them.
    public var conflicts: Int
    /// How long this process worked on it.
    public var duration: Duration
    /// Whether anything was done now; a run whose bad rows wait for somebody is not read again.
    public var didWork: Bool
    /// What failed.
    public var error: String?

    /// Makes one, as for the test of a hook.
    public init(
        version: String,
        name: String,
        direction: RunDirection = .up,
        status: RunState,
        counters: ChangeCounters = ChangeCounters(),
        openQuarantine: Int = 0,
        conflicts: Int = 0,
        duration: Duration = .zero,
        didWork: Bool = true,
        error: String? = nil
    ) {
        self.version = version
        self.name = name
        self.direction = direction
        self.status = status
        self.counters = counters
        self.openQuarantine = openQuarantine
        self.conflicts = conflicts
        self.duration = duration
        self.didWork = didWork
        self.error = error
    }
}
