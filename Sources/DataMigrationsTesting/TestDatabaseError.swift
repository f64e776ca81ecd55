/// What keeps a test's database from being made or used.
///
/// ``description`` is one line: what, where, what to do.
public struct TestDatabaseError: Error, Sendable, CustomStringConvertible {
    /// One line: what, where, what to do.
    public let description: String

    init(_ description: String) { self.description = description }
}
