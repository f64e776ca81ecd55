import Database

/// Tries again what failed for a reason that passes.
struct SchemaRetry: Sendable {
    var attempts: Int
    var observer: @Sendable (SchemaEvent) -> Void

    /// Runs `body` until it succeeds, or failed too often.
    ///
    /// - Parameters:
    ///   - failed: what is to be done after a failure, also after the last one.
    ///   - body: what is tried; it is told how often it has failed before.
    /// - Returns: what `body` returns.
    /// - Throws: the last error.
    func run<T>(
        failed: () async -> Void = {},
        attempt body: (_ failures: Int) async throws -> T
    ) async throws -> T {
        var failures = 0
        while true {
            do {
                return try await body(failures)
            } catch {
                await failed()
                guard let cause = Self.passing(error), failures < attempts else { throw error }
                failures += 1
                // Half of it is chance, so that two who collided part.
                let longest = Duration.milliseconds(min(5_000, 250 << min(10, failures)))
                let pause = longest * Double.random(in: 0.5...1)
                observer(.retrying(reason: cause.description, attempt: failures, delay: pause))
                try await Task.sleep(for: pause)
            }
        }
    }

    /// The same for what need not know how often it was tried.
    func run<T>(_ body: () async throws -> T) async throws -> T {
        try await run(attempt: { _ in try await body() })
    }

    /// The database's error, if it is one that passes.
    private static func passing(_ error: any Error) -> DatabaseError? {
        let cause = (error as? StatementFailure)?.cause ?? error as? DatabaseError
        guard let cause, cause.kind == .retryable, cause.code != .timedOut else { return nil }
        return cause
    }
}
