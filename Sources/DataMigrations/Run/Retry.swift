import Database

/// How what failed for a reason that passes is tried again: a lock, a deadlock, a statement that took too long, a
/// connection or a server that is gone.
public struct RetryPolicy: Sendable, Hashable {
    /// The pause before the second attempt; each later one is twice as long.
    public var delay: Duration
    /// The longest pause.
    public var longestDelay: Duration
    /// How long one thing is tried in all, from its first failure on; the run fails then, and can be resumed.
    public var limit: Duration
    /// How often a statement that took too long is tried again, each time with a quarter of the rows.
    public var timeouts: Int

    /// Makes a policy.
    public init(
        delay: Duration = .milliseconds(100),
        longestDelay: Duration = .seconds(5),
        limit: Duration = .seconds(300),
        timeouts: Int = 6
    ) {
        self.delay = delay
        self.longestDelay = longestDelay
        self.limit = limit
        self.timeouts = timeouts
    }

    /// Nothing is tried again.
    public static let none = RetryPolicy(limit: .zero)

    /// How long to wait before the next attempt.
    ///
    /// Varies by half, so that two who collided part ("full jitter" would at times not wait at all: Marc Brooker,
    /// "Exponential Backoff And Jitter").
    ///
    /// - Parameters:
    ///   - code: what went wrong.
    ///   - attempt: how many attempts have failed, from 1 on.
    ///   - elapsed: how long ago the first one failed.
    /// - Returns: `nil` if there is to be none.
    func pause(after code: DatabaseError.Code, attempt: Int, elapsed: Duration) -> Duration? {
        guard elapsed < limit, code != .timedOut || attempt <= timeouts else { return nil }
        // Whoever was in the way of a deadlock is through by now.
        let first = code == .conflict ? delay / 10 : delay
        return min(longestDelay, first * (1 << min(20, attempt - 1))) * Double.random(in: 0.5...1)
    }
}

/// Tries again what failed for a reason that passes.
struct Retry: Sendable {
    var policy = RetryPolicy()
    var observer: any ProgressObserver = SilentObserver()
    /// Who asks for a stop need not wait for the next attempt.
    var stop: StopSignal?

    /// Runs `body` until it succeeds.
    ///
    /// - Parameters:
    ///   - progress: what grows while `body` gets on, though it fails in the end: it is then as if it had failed for the
    ///     first time.
    ///   - failed: what is to be done before the next attempt.
    ///   - body: what is tried.
    /// - Returns: what `body` returns.
    /// - Throws: the last error, once it was tried for long enough; an error that does not pass; ``RunStopped``.
    func run<T>(
        progress: () -> Int = { 0 },
        failed: (DatabaseError) async throws -> Void = { _ in },
        _ body: () async throws -> T
    ) async throws -> T {
        var streak: (start: ContinuousClock.Instant, attempts: Int, timeouts: Int, progress: Int)?
        var last: DatabaseError?
        while true {
            do {
                // What mends the last failure may itself fail for a reason that passes.
                if let last { try await failed(last) }
                return try await body()
            } catch let error as DatabaseError where error.kind == .retryable {
                let done = progress()
                if streak?.progress != done { streak = nil }
                let (start, attempt) = (streak?.start ?? .now, (streak?.attempts ?? 0) + 1)
                let isTimeout = error.code == .timedOut
                let timeouts = (streak?.timeouts ?? 0) + (isTimeout ? 1 : 0)
                streak = (start, attempt, timeouts, done)
                let elapsed = start.duration(to: .now)
                // Whoever waited for locks before still has all attempts with fewer rows.
                let count = isTimeout ? timeouts : attempt
                guard let pause = policy.pause(after: error.code, attempt: count, elapsed: elapsed) else {
                    throw error.givenUp(after: attempt, elapsed)
                }
                observer.observe(.retrying(reason: error.description, attempt: attempt, delay: pause))
                try await Task.sleep(for: pause) { stop?.requested != nil }
                if let reason = stop?.requested { throw RunStopped(reason: reason) }
                last = error
            }
        }
    }
}

extension DatabaseError {
    /// The same, for whoever must not try again.
    fileprivate func givenUp(after attempts: Int, _ elapsed: Duration) -> DatabaseError {
        var error = self
        error.kind = .fatal
        guard attempts > 1 else { return error }
        let seconds = Int(elapsed / .seconds(1))
        error.message += " (tried \(attempts) times\(seconds > 0 ? " in \(seconds) s" : ""))"
        return error
    }
}
