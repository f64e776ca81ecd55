extension DatabaseConnection {
    /// Runs `body` in a transaction: commits when it returns, rolls back when it throws.
    ///
    /// - Throws: what `body` throws, or a ``DatabaseError``.
    public func transaction<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        try await finishing({ try await run([.begin]) }, body, keep: [.checkConstraints, .commit], drop: [.rollback])
    }

    /// Runs `body` in a nested transaction: its changes stay when it returns, and are dropped when it throws.
    ///
    /// - Throws: what `body` throws, or a ``DatabaseError``.
    public func savepoint<T: Sendable>(_ name: String, _ body: () async throws -> T) async throws -> T {
        try await run([.savepoint(name)])
        return try await finishing({}, body, keep: [.checkConstraints, .release(name)], drop: [.rollbackTo(name)])
    }

    private func finishing<T: Sendable>(
        _ begin: () async throws -> Void,
        _ body: () async throws -> T,
        keep: [Statement],
        drop: [Statement]
    ) async throws -> T {
        do {
            try await begin()
            let result = try await body()
            try await run(keep)
            return result
        } catch {
            // The first error tells what happened; one of the clean-up would hide it.
            _ = try? await run(drop)
            throw error
        }
    }
}
