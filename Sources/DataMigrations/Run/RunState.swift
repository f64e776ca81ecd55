/// Whether a run makes the change or takes it back.
public enum RunDirection: String, Sendable, Hashable, Codable {
    /// Makes the change.
    case up
    /// Takes it back.
    case down
}

/// Where a run stands.
///
/// A process that was killed leaves a run that is `running` with a lease that expires.
public enum RunState: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nothing is done yet.
    case pending
    /// A process is at work, or was killed.
    case running
    /// Somebody wants it to wait.
    case paused
    /// All rows are through, and the verification has passed.
    case succeeded
    /// All rows are through but for some that were put aside.
    case quarantined
    /// It can't go on by itself.
    case failed
    /// It was stopped on purpose.
    case cancelled
    /// What it did is being taken back.
    case rollingBack = "rolling_back"
    /// What it did is taken back.
    case rolledBack = "rolled_back"

    /// A step from one state to another, and why it is allowed.
    public struct Edge: Sendable, Hashable {
        /// Where it starts.
        public let from: RunState
        /// Where it ends.
        public let to: RunState
        /// Why it is allowed.
        public let reason: String
    }

    /// Every step that there is.
    public static let edges: [Edge] = [
        Edge(from: .pending, to: .running, reason: "a process starts the run"),
        Edge(from: .running, to: .succeeded, reason: "all rows are through and verified"),
        Edge(from: .running, to: .quarantined, reason: "all rows are through but for some that were put aside"),
        Edge(from: .running, to: .failed, reason: "an error that no retry heals"),
        Edge(from: .running, to: .cancelled, reason: "somebody stopped it"),
        Edge(from: .running, to: .paused, reason: "somebody wants it to wait"),
        Edge(from: .paused, to: .running, reason: "somebody lets it go on"),
        Edge(from: .paused, to: .cancelled, reason: "somebody stopped it"),
        Edge(from: .failed, to: .running, reason: "it is resumed"),
        Edge(from: .cancelled, to: .running, reason: "it is resumed"),
        Edge(from: .quarantined, to: .running, reason: "the rows that were put aside are retried"),
        Edge(from: .quarantined, to: .succeeded, reason: "the rows that were put aside are accepted"),
        Edge(from: .succeeded, to: .running, reason: "it is run again on purpose"),
        Edge(from: .rolledBack, to: .running, reason: "it is run again on purpose"),
        Edge(from: .succeeded, to: .rollingBack, reason: "it is taken back"),
        Edge(from: .quarantined, to: .rollingBack, reason: "it is taken back"),
        Edge(from: .failed, to: .rollingBack, reason: "the half that was done is taken back"),
        Edge(from: .cancelled, to: .rollingBack, reason: "the half that was done is taken back"),
        Edge(from: .rollingBack, to: .paused, reason: "somebody wants it to wait"),
        Edge(from: .paused, to: .rollingBack, reason: "somebody lets it go on"),
        Edge(from: .rollingBack, to: .failed, reason: "an error that no retry heals"),
        Edge(from: .rollingBack, to: .rolledBack, reason: "everything is taken back"),
    ]

    /// Whether no process is at work on such a run, nor will be unless somebody starts one.
    public var isOver: Bool { ![.pending, .running, .paused, .rollingBack].contains(self) }

    /// Whether a run may go from this state to another.
    public func allows(_ next: RunState) -> Bool { Self.edges.contains { $0.from == self && $0.to == next } }
}
