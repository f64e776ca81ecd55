import Database

/// Runs statements while their successors are being made: one list at a time, in order.
///
/// For one task.
final class WriteBehind {
    private let connection: any DatabaseConnection
    private var current: Task<Void, any Error>?

    init(_ connection: any DatabaseConnection) { self.connection = connection }

    /// Waits for the list before, and starts another.
    ///
    /// - Throws: what the list before failed with.
    func send(_ statements: [Statement]) async throws {
        try await settle()
        guard !statements.isEmpty else { return }
        let connection = connection
        current = Task { try await connection.run(statements) }
    }

    /// Waits until nothing is under way: the transaction is the caller's alone again.
    ///
    /// - Throws: what the last list failed with.
    func settle() async throws {
        defer { current = nil }
        try await current?.value
    }
}
