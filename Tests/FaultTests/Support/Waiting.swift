/// Waits until a condition holds, and looks again every few milliseconds.
///
/// - Parameters:
///   - what: the condition, in words.
///   - limit: how long to wait at most.
///   - condition: the condition.
/// - Throws: what `condition` throws, or that it did not hold in time.
func wait(
    until what: String,
    for limit: Duration = .seconds(60),
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw Overdue(description: "not in \(limit): \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}

private struct Overdue: Error, CustomStringConvertible {
    let description: String
}
