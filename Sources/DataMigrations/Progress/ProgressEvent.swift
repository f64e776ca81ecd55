/// What a run tells while it goes on.
public enum ProgressEvent: Sendable {
    /// A run begins, or goes on where an earlier process left it.
    case started(RunInfo)
    /// A table or a file begins to be read, or goes on to be.
    case reading(ReadingInfo)
    /// A batch was committed.
    case batch(BatchProgress)
    /// The rows are looked through again for ones that came up meanwhile.
    case sweeping
    /// Something failed that may succeed when it is tried again.
    case retrying(reason: String, attempt: Int, delay: Duration)
    /// No batch is begun for now; `nil`: the run goes on.
    case waiting(reason: String?)
    /// Each batch is followed by a pause, for the load of the database; `nil`: no longer.
    case throttled(ThrottleState?)
    /// The author's own words.
    case message(String)
    /// The run is over.
    case finished(RunReport)
}

/// Which run it is.
public struct RunInfo: Sendable {
    /// The migration's version.
    public var version: String
    /// The migration's name.
    public var name: String
    /// `up` or `down`.
    public var direction: RunDirection
    /// Whether an earlier process began it.
    public var isResumed: Bool

    /// Makes one, as for the test of a hook.
    public init(version: String, name: String, direction: RunDirection = .up, isResumed: Bool = false) {
        self.version = version
        self.name = name
        self.direction = direction
        self.isResumed = isResumed
    }
}

/// What is read.
public struct ReadingInfo: Sendable {
    /// What a person calls it: a table, a path.
    public var label: String
    /// How much there is to do in all, where that is known.
    public var total: SourceSize?
    /// What was done by earlier processes.
    public var done: ChangeCounters
    /// How far earlier processes read a file, in bytes.
    public var position: Int?
}

/// One committed batch.
public struct BatchProgress: Sendable {
    /// What the batch did.
    public var counters: ChangeCounters
    /// How many rows it was meant to take.
    public var size: Int
    /// How long its transaction took.
    public var duration: Duration
    /// How far a file is read, in bytes.
    public var position: Int?
    /// The rows it put aside.
    public var quarantined: [QuarantinedRow]
    /// How long its worker had to wait before it, since the batch before: paused, out of hours, or slowed down.
    public var waited: Duration = .zero
}

/// Takes what runs tell.
///
/// It is called between batches, so it must return at once.
public protocol ProgressObserver: Sendable {
    /// Takes one event.
    func observe(_ event: ProgressEvent)

    /// Has work done that has a beginning and an end, and may stand around it, as a tracer does with a span.
    ///
    /// Without an implementation of its own, an observer just has it done.
    ///
    /// - Parameters:
    ///   - scope: what is done: a run; in it, its parts, maybe several at a time; in these, one batch after the other.
    ///   - work: does it. It must be called once, and what it returns or throws be returned or thrown.
    /// - Returns: what came of it.
    /// - Throws: what `work` throws.
    func during(_ scope: RunScope, _ work: () async throws -> RunOutcome) async throws -> RunOutcome
}

extension ProgressObserver {
    /// Just has the work done.
    public func during(_ scope: RunScope, _ work: () async throws -> RunOutcome) async throws -> RunOutcome {
        try await work()
    }
}

/// Nobody listens.
public struct SilentObserver: ProgressObserver {
    /// Makes an observer.
    public init() {}
    /// Does nothing.
    public func observe(_ event: ProgressEvent) {}
}
