import Database

/// Tries again what failed for a reason that passes: a lock, a lost connection.
struct Retry: Sendable {
    /// How often in all.
    var attempts = 4
    /// The first pause; each later one is twice as long, and all vary by a quarter, so that two who collided part.
    var delay = Duration.milliseconds(200)
    var observer: any ProgressObserver = SilentObserver()

    /// - Throws: the last error, once it was tried often enough, or an error that does not pass.
    func run<T>(_ body: () async throws -> T) async throws -> T {
        var attempt = 1
        while true {
            do {
                return try await body()
            } catch let error as DatabaseError where error.kind == .retryable && attempt < attempts {
                let pause = delay * (1 << (attempt - 1)) * Double.random(in: 0.75...1.25)
                observer.observe(.retrying(reason: error.description, attempt: attempt, delay: pause))
                try await Task.sleep(for: pause)
                attempt += 1
            }
        }
    }
}
